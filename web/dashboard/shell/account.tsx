/** The site one looks at, and who is logged in: as menus in the rail, as plain lists on a phone. */
import { Menu, Modal, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconCheck,
  IconDeviceDesktop,
  IconDots,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
} from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import type { Role } from '../../../shared/accounts.ts'
import { api } from '../../api.ts'
import { Crest } from '../../ui/crest.tsx'
import { initials } from '../../ui/words.ts'
import { meQuery, queryClient } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toastFault } from '../toast.tsx'
import { keysInWords } from './keys.ts'

const roles: Record<Role, string> = { admin: 'Administrator', reception: 'School office', staff: 'Staff' }
const schemes = [
  { value: 'auto', word: 'As the device', icon: IconDeviceDesktop },
  { value: 'light', word: 'Light', icon: IconSun },
  { value: 'dark', word: 'Dark', icon: IconMoon },
] as const

function useLogOut(): () => void {
  const router = useRouter()
  return () => {
    api.post('/logout').then(async () => {
      await router.navigate({ to: '/login' })
      queryClient.clear()
      queryClient.setQueryData(meQuery.queryKey, null)
    }, toastFault)
  }
}

function useGoToSite(): (site: string) => void {
  const router = useRouter()
  return (site) => void router.navigate({ to: '/sites/$site/today', params: { site } })
}

/** The site's name; with more than one site, a menu to change it. */
export function SiteSwitch() {
  const { id, site, me } = useSite()
  const go = useGoToSite()
  const name = <span className="nav-word cut grow">{site.name}</span>
  if (me.sites.length < 2)
    return (
      <div className="nav-site" title={site.name}>
        <Crest phase={site.phase} />
        {name}
      </div>
    )
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <button type="button" className="nav-site" title={site.name} aria-label={`${site.name}: change site`}>
          <Crest phase={site.phase} />
          {name}
          <IconSelector className="nav-word qq" size={16} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="site-menu">
        {me.sites.map((other) => (
          <Menu.Item
            key={other.id}
            onClick={() => go(other.id)}
            rightSection={other.id === id && <IconCheck size={16} aria-label="this one" />}
          >
            {other.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Who is logged in, with how the screen looks, the keys, and the way out. */
export function AccountMenu() {
  const { me } = useSite()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [keysOpen, keys] = useDisclosure()
  const logOut = useLogOut()
  return (
    <>
      <Menu position="top-start" width={228}>
        <Menu.Target>
          <button type="button" className="nav-me" aria-label={`${me.account.name}: account`}>
            <span className="av" aria-hidden>
              {initials(me.account.name)}
            </span>
            <span className="nav-word grow">
              <span className="m cut">{me.account.name}</span>
              <span className="xs qq">{roles[me.account.role]}</span>
            </span>
            <IconDots className="nav-word qq" size={18} stroke={1.75} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me.account.email}</Menu.Label>
          <Menu.Divider />
          <Menu.Label>How the screen looks</Menu.Label>
          {schemes.map(({ value, word, icon: Icon }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={16} stroke={1.75} />}
              rightSection={colorScheme === value && <IconCheck size={16} aria-label="chosen" />}
              onClick={() => setColorScheme(value)}
            >
              {word}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.75} />} onClick={keys.open}>
            Keys
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} stroke={1.75} />} onClick={logOut}>
            Log out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={keysOpen} onClose={keys.close} title="Keys">
        <dl className="kv">
          {keysInWords.map(([pressed, what]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>
                {pressed.map((key, i) => (
                  <span key={key}>
                    {i > 0 && ' then '}
                    <kbd className="kbd">{key}</kbd>
                  </span>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  )
}

/** For the phone's sheet of more: the other sites. */
export function SiteList({ onGo }: { onGo: () => void }) {
  const { id, me } = useSite()
  const go = useGoToSite()
  const others = me.sites.filter((site) => site.id !== id)
  return others.map((other) => (
    <button
      key={other.id}
      type="button"
      className="nav-it"
      onClick={() => {
        onGo()
        go(other.id)
      }}
    >
      <IconSelector size={18} stroke={1.75} aria-hidden />
      <span className="nav-word cut">Go to {other.name}</span>
    </button>
  ))
}

/** For the phone's sheet of more: light or dark, and the way out. */
export function AccountList() {
  const { me } = useSite()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const logOut = useLogOut()
  return (
    <>
      <div className="seg" role="group" aria-label="How the screen looks">
        {schemes.map(({ value, word }) => (
          <button
            key={value}
            type="button"
            aria-pressed={colorScheme === value}
            onClick={() => setColorScheme(value)}
          >
            {word}
          </button>
        ))}
      </div>
      <button type="button" className="nav-it" onClick={logOut}>
        <IconLogout size={18} stroke={1.75} aria-hidden />
        <span className="nav-word cut">Log out {me.account.name}</span>
      </button>
    </>
  )
}
