import type { Language } from './look.ts'

/** What the categories of kinds.ts are called in the filters. An app that sends knows its own; these are the samples'. */
export const categoryNames: Record<string, Record<Language, string>> = {
  order: { en: 'Orders', de: 'Bestellungen', fr: 'Commandes', es: 'Pedidos', ar: 'الطلبات' },
  payment_success: { en: 'Payments', de: 'Zahlungen', fr: 'Paiements', es: 'Pagos', ar: 'المدفوعات' },
  inventory: { en: 'Stock', de: 'Lager', fr: 'Stocks', es: 'Existencias', ar: 'المخزون' },
  project: { en: 'Projects', de: 'Projekte', fr: 'Projets', es: 'Proyectos', ar: 'المشاريع' },
  task: { en: 'Tasks', de: 'Aufgaben', fr: 'Tâches', es: 'Tareas', ar: 'المهام' },
  budget: { en: 'Budgets', de: 'Budgets', fr: 'Budgets', es: 'Presupuestos', ar: 'الميزانيات' },
  new_appointment: { en: 'Visits', de: 'Termine', fr: 'Rendez-vous', es: 'Citas', ar: 'المواعيد' },
  system: { en: 'System', de: 'System', fr: 'Système', es: 'Sistema', ar: 'النظام' },
  info: { en: 'News', de: 'Neues', fr: 'Infos', es: 'Avisos', ar: 'الأخبار' },
}
