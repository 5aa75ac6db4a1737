import type { LucideIcon } from 'lucide-react'
import {
  CalendarClock,
  ClipboardCheck,
  CreditCard,
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
  /** Of `NotificationEmitter`, which makes the same of `meta`; a plain notification has none. */
  helper?: string
  /** The helper takes the words themselves, not something they are about. */
  isAlert?: boolean
}

export const kinds: readonly Kind[] = [
  {
    type: 'order:new',
    label: 'New order',
    icon: ShoppingBag,
    helper: 'orderCreated',
    title: 'New order #1042',
    message: '3 items, €86.40. Paid by card, ships to Lisbon.',
    priority: 'medium',
    meta: { orderNumber: '1042', total: 86.4, currency: 'EUR' },
  },
  {
    type: 'order:updated',
    label: 'Order shipped',
    icon: PackageCheck,
    helper: 'orderUpdated',
    title: 'Order #1042 shipped',
    message: 'Handed to the carrier at 14:05. Expected on Thursday.',
    priority: 'low',
    meta: { orderNumber: '1042', status: 'shipped' },
  },
  {
    type: 'payment_success',
    label: 'Payment',
    icon: CreditCard,
    helper: 'paymentSuccess',
    title: 'Payment of €86.40 received',
    message: 'Order #1042 is paid. The receipt is in your mailbox.',
    priority: 'medium',
    meta: { paymentId: 'pay-311', amount: 86.4, currency: 'EUR' },
  },
  {
    type: 'inventory:lowStock',
    label: 'Low stock',
    icon: PackageMinus,
    helper: 'lowStockAlert',
    title: 'Low stock: Oak stool',
    message: '4 left in the Porto warehouse, 11 sold this week.',
    priority: 'high',
    meta: { sku: 'oak-stool', stock: 4, threshold: 10 },
  },
  {
    type: 'project:updated',
    label: 'Project',
    icon: FolderKanban,
    helper: 'projectUpdated',
    title: 'Atlas moved to review',
    message: 'Milestone 2 is complete. Two approvals are open.',
    priority: 'medium',
    meta: { projectId: 'atlas', status: 'review' },
  },
  {
    type: 'task:assigned',
    label: 'Task',
    icon: ClipboardCheck,
    helper: 'taskAssigned',
    title: 'A task for you',
    message: 'Check the copy of the autumn newsletter by Friday.',
    priority: 'medium',
    meta: { taskId: 'T-88', dueDate: '2026-11-27' },
  },
  {
    type: 'budget:alert',
    label: 'Budget',
    icon: Wallet,
    helper: 'budgetAlert',
    title: 'Budget at 90 %',
    message: 'Marketing has spent €9,020 of €10,000 this month.',
    priority: 'high',
    meta: { category: 'marketing', spent: 9020, limit: 10000 },
  },
  {
    type: 'new_appointment',
    label: 'Appointment',
    icon: CalendarClock,
    helper: 'newAppointment',
    title: 'New appointment',
    message: 'Dr. Ito, tomorrow at 09:30.',
    priority: 'medium',
    meta: { appointmentId: 'A-7', doctor: 'Dr. Ito', time: '09:30' },
  },
  {
    type: 'system:alert',
    label: 'System alert',
    icon: TriangleAlert,
    helper: 'systemAlert',
    isAlert: true,
    title: 'Payments are failing',
    message: 'The payment provider has declined 12 % of charges since 14:02.',
    priority: 'urgent',
    meta: {},
  },
  {
    type: 'info',
    label: 'Plain words',
    icon: Info,
    title: 'Maintenance on Sunday',
    message: 'Reports are read-only from 06:00 to 07:00.',
    priority: 'low',
    meta: {},
  },
]

export const kindOf = (type: string): Kind | undefined => kinds.find((kind) => kind.type === type)

/** Only what is sent. */
export const draftOf = ({ type, title, message, priority, meta }: Draft): Draft => ({
  type,
  title,
  message,
  priority,
  meta,
})
