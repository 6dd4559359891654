import type { KioskHome } from '../../../shared/kiosks.ts'
import { type Language, languageKeys, languages, useSay } from '../words/words.ts'
import { Frame, Question } from './frame.tsx'

type LanguagesProps = { home: KioskHome; onChoose: (language: Language) => void; onBack: () => void }

/** Each language in its own words, so that nobody has to read another one to find theirs. */
export function Languages({ home, onChoose, onBack }: LanguagesProps) {
  const say = useSay()
  return (
    <Frame home={home} onBack={onBack} className="choose">
      <Question>{say('chooseLanguage')}</Question>
      <div className="tiles">
        {languageKeys.map((key) => (
          <button key={key} type="button" className="tile" lang={key} onClick={() => onChoose(key)}>
            {languages[key].name}
          </button>
        ))}
      </div>
    </Frame>
  )
}
