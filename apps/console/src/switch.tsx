import type { ReactNode } from 'react'

interface SwitchProps {
  label: string
  isOn: boolean
  onChange(isOn: boolean): void
  /** In place of the label when that alone says too little. */
  fullLabel?: string
  hint?: string
  icon?: ReactNode
}

export function Switch({ label, isOn, onChange, fullLabel, hint, icon }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOn}
      aria-label={fullLabel ?? label}
      title={hint}
      onClick={() => onChange(!isOn)}
    >
      {icon}
      <span aria-hidden="true">{label}</span>
      <span className="track" aria-hidden="true" />
    </button>
  )
}
