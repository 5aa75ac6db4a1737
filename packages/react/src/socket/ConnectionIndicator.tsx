import type { BelfryClient, ClientState, ConnStatus } from '@belfry/client'
import { useEffect, useState } from 'react'
import { useFirstStrings } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { type PartProps, part } from '../ui/part.ts'
import { useLasting } from '../ui/useLasting.ts'
import { useClient } from './client-context.ts'

export interface ConnectionIndicatorProps extends PartProps {
  /** A `dot` has its text for screen readers and as a tip; the others show it, with a countdown and a button. */
  variant?: 'dot' | 'chip' | 'banner'
  /** Also while all is well. */
  always?: boolean
  /** How long trouble lasts before it shows. */
  delayMs?: number
}

/** Source: ui.md §5, Connection. */
const DELAY_MS = 2_000
const SECOND_MS = 1_000

const isCalm: Partial<Record<ConnStatus, true>> = { idle: true, online: true }
/** With these, trying now is better than waiting; also for an attempt that hangs. */
const isCut: Partial<Record<ConnStatus, true>> = {
  connecting: true,
  reconnecting: true,
  offline: true,
  unauthorized: true,
}
const icons: Record<ConnStatus, IconName> = {
  idle: 'cloudOff',
  connecting: 'cloudOff',
  online: 'check',
  degraded: 'alert',
  reconnecting: 'cloudOff',
  offline: 'cloudOff',
  unauthorized: 'alert',
}

const statusOf = (state: ClientState | undefined) => state?.status
const nextRetryOf = (state: ClientState | undefined) => state?.nextRetryAt

/** Says when the connection is in trouble, and nothing while it is not. */
export const ConnectionIndicator = part(
  'connection',
  function ConnectionIndicator(props: ConnectionIndicatorProps) {
    const { variant = 'dot', always = false, delayMs = DELAY_MS, className, style } = props
    const strings = useFirstStrings()
    const client = useClient()
    const status = useClientState(client, statusOf)
    const isTrouble = useLasting(status !== undefined && !isCalm[status], delayMs)
    const label = status && strings.status[status]
    // A live region is heard only when it was there, empty, before its text.
    return (
      <span role="status" data-belfry-connection-region="">
        {client && status && (always || isTrouble) && (
          <span
            className={className}
            style={style}
            title={variant === 'dot' ? label : undefined}
            data-belfry-connection=""
            data-status={status}
            data-variant={variant}
          >
            <span data-belfry-connection-shape="" aria-hidden="true">
              {variant !== 'dot' && <Icon name={icons[status]} />}
            </span>
            <span data-belfry-connection-text="">{label}</span>
            {variant !== 'dot' && isCut[status] && <Retry client={client} />}
          </span>
        )}
      </span>
    )
  },
)

function Retry({ client }: { client: BelfryClient }) {
  const strings = useFirstStrings()
  const nextRetryAt = useClientState(client, nextRetryOf)
  const seconds = useSecondsUntil(nextRetryAt)
  const retry = () => {
    // Begins anew where tries have ended; the second ends a wait.
    client.connect()
    client.retryNow()
  }
  return (
    <>
      {seconds > 0 && (
        <span data-belfry-connection-countdown="" aria-hidden="true">
          {strings.retryIn(seconds)}
        </span>
      )}
      <button type="button" data-belfry-connection-retry="" onClick={retry}>
        {strings.retryNow}
      </button>
    </>
  )
}

function useSecondsUntil(at: number | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === undefined) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [at])
  return at === undefined ? 0 : Math.max(0, Math.ceil((at - now) / SECOND_MS))
}
