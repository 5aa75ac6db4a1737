import { Languages } from 'lucide-react'
import { type Language, languages, useLook, useLooks } from './look.ts'
import { Switch } from './switch.tsx'

/** Dark, right to left, without motion, another language: for the whole page. */
export function LookSwitches() {
  const looks = useLooks()
  const { isDark, isRtl, isStill, language } = useLook()
  return (
    <fieldset className="look-switches">
      <legend className="visually-hidden">Appearance</legend>
      <Switch label="Dark" isOn={isDark} onChange={(on) => looks.change({ isDark: on })} />
      <Switch
        label="RTL"
        fullLabel="Right to left"
        isOn={isRtl}
        onChange={(on) => looks.change({ isRtl: on })}
      />
      <Switch label="Less motion" isOn={isStill} onChange={(on) => looks.change({ isStill: on })} />
      <label className="language">
        <Languages size={15} aria-hidden="true" />
        <span className="visually-hidden">Language of the notification parts</span>
        <select value={language} onChange={(event) => void looks.setLanguage(event.target.value as Language)}>
          {Object.entries(languages).map(([name, { label }]) => (
            <option key={name} value={name} lang={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  )
}
