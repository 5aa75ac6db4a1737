import type { LucideIcon } from 'lucide-react'
import {
  Bell,
  ClipboardCheck,
  FolderKanban,
  Info,
  PackageCheck,
  PackageMinus,
  ShoppingBag,
  TriangleAlert,
  Wallet,
} from 'lucide-react'
import type { Draft } from './api.ts'

/** A type of notification with an example to send. */
export interface Kind extends Draft {
  label: string
  icon: LucideIcon
}

export const kinds: readonly Kind[] = [
  {
    type: 'order:new',
    label: 'New order',
    icon: ShoppingBag,
    title: 'New order #1042',
    message: '3 items, €86.40. Paid by card, ships to Lisbon.',
    priority: 'medium',
  },
  {
    type: 'order:updated',
    label: 'Order updated',
    icon: PackageCheck,
    title: 'Order #1042 shipped',
    message: 'Handed to the carrier at 14:05. Expected on Thursday.',
    priority: 'low',
  },
  {
    type: 'inventory:lowStock',
    label: 'Low stock',
    icon: PackageMinus,
    title: 'Low stock: Oak stool',
    message: '4 left in the Porto warehouse, 11 sold this week.',
    priority: 'high',
  },
  {
    type: 'project:updated',
    label: 'Project',
    icon: FolderKanban,
    title: 'Atlas moved to review',
    message: 'Milestone 2 is complete. Two approvals are open.',
    priority: 'medium',
  },
  {
    type: 'task:assigned',
    label: 'Task',
    icon: ClipboardCheck,
    title: 'A task for you',
    message: 'Check the copy of the autumn newsletter by Friday.',
    priority: 'medium',
  },
  {
    type: 'budget:alert',
    label: 'Budget',
    icon: Wallet,
    title: 'Budget at 90 %',
    message: 'Marketing has spent €9,020 of €10,000 this month.',
    priority: 'high',
  },
  {
    type: 'system:alert',
    label: 'System alert',
    icon: TriangleAlert,
    title: 'Payments are failing',
    message: 'The payment provider has declined 12 % of charges since 14:02.',
    priority: 'urgent',
  },
  {
    type: 'info',
    label: 'Info',
    icon: Info,
    title: 'Maintenance on Sunday',
    message: 'Reports are read-only from 06:00 to 07:00.',
    priority: 'low',
  },
]

export function iconOf(type: string): LucideIcon {
  const own = kinds.find((kind) => kind.type === type)
  return own?.icon ?? Bell
}

/** Only what is sent. */
export const draftOf = ({ type, title, message, priority }: Draft): Draft => ({
  type,
  title,
  message,
  priority,
})
