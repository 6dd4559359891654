/** The kiosk's start. */
import '@fontsource-variable/inter/opsz.css'
import '../ui/tokens.css'
import './kiosk.css'
import './screens.css'
import './sizes.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { start } from './device.ts'
import { Kiosk } from './kiosk.tsx'
import { registerWorker } from './version.ts'

void start()
void registerWorker()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Kiosk />
  </StrictMode>,
)
