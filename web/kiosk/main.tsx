/** The kiosk's start. */
import '@fontsource-variable/inter/index.css'
import '../ui/tokens.css'
import './kiosk.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Kiosk } from './kiosk.tsx'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Kiosk />
  </StrictMode>,
)
