import { Tabs } from '../tabs.tsx'

export const SettingsTabs = () => (
  <Tabs
    label="Settings"
    items={[
      { to: '/sites/$site/settings', label: 'School day' },
      { to: '/sites/$site/settings/closures', label: 'Closures' },
      { to: '/sites/$site/settings/reasons', label: 'Reasons and codes' },
      { to: '/sites/$site/settings/messages', label: 'Messages' },
      { to: '/sites/$site/settings/outbox', label: 'Outbox' },
      { to: '/sites/$site/settings/programs', label: 'Other programs' },
    ]}
  />
)
