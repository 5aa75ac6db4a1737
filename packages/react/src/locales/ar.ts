import type { Strings } from '../kit/strings.ts'

const rules = new Intl.PluralRules('ar')

/** The noun after a number takes one of six forms. */
const plural = (count: number, forms: Record<Intl.LDMLPluralRule, string>): string =>
  forms[rules.select(count)]

/** Text of either direction, kept from turning the Arabic around it. */
const isolated = (text: string): string => `\u2068${text}\u2069`

const newNotifications = (count: number) =>
  plural(count, {
    zero: 'لا إشعارات جديدة',
    one: 'إشعار جديد واحد',
    two: 'إشعاران جديدان',
    few: `${count} إشعارات جديدة`,
    many: `${count} إشعارًا جديدًا`,
    other: `${count} إشعار جديد`,
  })

export const ar: Strings = {
  notifications: 'الإشعارات',
  bell: (unread) =>
    plural(unread, {
      zero: 'الإشعارات',
      one: 'الإشعارات، 1 غير مقروء',
      two: 'الإشعارات، 2 غير مقروءين',
      few: `الإشعارات، ${unread} إشعارات غير مقروءة`,
      many: `الإشعارات، ${unread} إشعارًا غير مقروء`,
      other: `الإشعارات، ${unread} إشعار غير مقروء`,
    }),
  close: 'إغلاق',
  retry: 'إعادة المحاولة',
  retryNow: 'إعادة المحاولة الآن',
  loading: 'جارٍ تحميل الإشعارات',
  unreadMark: 'غير مقروء',
  urgent: 'عاجل',
  high: 'مهم',
  markRead: 'تحديد كمقروء',
  markUnread: 'تحديد كغير مقروء',
  markAllRead: 'تحديد الكل كمقروء',
  snooze: 'تأجيل',
  unsnooze: 'إعادة الآن',
  snoozeNames: { hour: 'بعد ساعة', tomorrow: 'غدًا', monday: 'الاثنين القادم' },
  snoozeOwn: 'في وقت آخر',
  wakes: (time) => `تعود: ${isolated(time)}`,
  returned: 'أُجِّل سابقًا',
  archive: 'أرشفة',
  unarchive: 'نقل إلى الوارد',
  remove: 'حذف',
  undo: 'تراجع',
  removed: (count) =>
    plural(count, {
      zero: 'لم يُحذف أي إشعار',
      one: 'حُذف الإشعار',
      two: 'حُذف إشعاران',
      few: `حُذفت ${count} إشعارات`,
      many: `حُذف ${count} إشعارًا`,
      other: `حُذف ${count} إشعار`,
    }),
  archived: (count) =>
    plural(count, {
      zero: 'لم يُؤرشف أي إشعار',
      one: 'أُرشف الإشعار',
      two: 'أُرشف إشعاران',
      few: `أُرشفت ${count} إشعارات`,
      many: `أُرشف ${count} إشعارًا`,
      other: `أُرشف ${count} إشعار`,
    }),
  snoozed: (count) =>
    plural(count, {
      zero: 'لم يُؤجَّل أي إشعار',
      one: 'أُجِّل الإشعار',
      two: 'أُجِّل إشعاران',
      few: `أُجِّلت ${count} إشعارات`,
      many: `أُجِّل ${count} إشعارًا`,
      other: `أُجِّل ${count} إشعار`,
    }),
  readAll: (count) =>
    plural(count, {
      zero: 'لم يُحدَّد أي إشعار كمقروء',
      one: 'حُدِّد إشعار واحد كمقروء',
      two: 'حُدِّد إشعاران كمقروءين',
      few: `حُدِّدت ${count} إشعارات كمقروءة`,
      many: `حُدِّد ${count} إشعارًا كمقروء`,
      other: `حُدِّد ${count} إشعار كمقروء`,
    }),
  filters: 'تصفية الإشعارات',
  filterAll: 'الكل',
  filterUnread: 'غير المقروءة',
  filterArchived: 'المؤرشفة',
  filterSnoozed: 'المؤجَّلة',
  showAll: 'عرض الكل',
  emptyTitle: 'كل شيء هادئ',
  emptyText: 'ستظهر الإشعارات الجديدة هنا.',
  emptyFilter: (filter) => `لا شيء في «${isolated(filter)}»`,
  errorTitle: 'لم ينجح ذلك',
  offlineText: 'أنت غير متصل بالإنترنت. تُعرض الإشعارات المحفوظة.',
  newItems: newNotifications,
  newSince: 'جديد منذ زيارتك الأخيرة',
  newNotifications,
  whileAway: (count) =>
    plural(count, {
      zero: 'لا إشعارات أثناء غيابك',
      one: 'إشعار واحد أثناء غيابك',
      two: 'إشعاران أثناء غيابك',
      few: `${count} إشعارات أثناء غيابك`,
      many: `${count} إشعارًا أثناء غيابك`,
      other: `${count} إشعار أثناء غيابك`,
    }),
  today: 'اليوم',
  yesterday: 'أمس',
  thisWeek: 'هذا الأسبوع',
  earlier: 'سابقًا',
  justNow: 'الآن',
  grouped: (title, others) =>
    plural(others, {
      zero: isolated(title),
      one: `${isolated(title)} وإشعار آخر`,
      two: `${isolated(title)} وإشعاران آخران`,
      few: `${isolated(title)} و${others} إشعارات أخرى`,
      many: `${isolated(title)} و${others} إشعارًا آخر`,
      other: `${isolated(title)} و${others} إشعار آخر`,
    }),
  expandGroup: (count) =>
    plural(count, {
      zero: 'لا إشعارات للعرض',
      one: 'عرض الإشعار',
      two: 'عرض الإشعارين',
      few: `عرض ${count} إشعارات`,
      many: `عرض ${count} إشعارًا`,
      other: `عرض ${count} إشعار`,
    }),
  collapseGroup: 'عرض أقل',
  status: {
    idle: 'غير متصل',
    connecting: 'جارٍ الاتصال',
    online: 'مباشر',
    degraded: 'اتصال بطيء',
    reconnecting: 'جارٍ إعادة الاتصال',
    offline: 'بلا اتصال بالإنترنت',
    unauthorized: 'تم تسجيل الخروج',
  },
  retryIn: (seconds) =>
    plural(seconds, {
      zero: 'إعادة المحاولة الآن',
      one: 'إعادة المحاولة بعد ثانية',
      two: 'إعادة المحاولة بعد ثانيتين',
      few: `إعادة المحاولة بعد ${seconds} ثوانٍ`,
      many: `إعادة المحاولة بعد ${seconds} ثانية`,
      other: `إعادة المحاولة بعد ${seconds} ثانية`,
    }),
  search: 'البحث في الإشعارات',
  selected: (count) =>
    plural(count, {
      zero: 'لم يُحدَّد أي إشعار',
      one: 'حُدِّد إشعار واحد',
      two: 'حُدِّد إشعاران',
      few: `حُدِّدت ${count} إشعارات`,
      many: `حُدِّد ${count} إشعارًا`,
      other: `حُدِّد ${count} إشعار`,
    }),
  clearSelection: 'إلغاء التحديد',
  shortcuts: 'اختصارات لوحة المفاتيح',
  shortcutNames: {
    next: 'الإشعار التالي',
    previous: 'الإشعار السابق',
    open: 'فتح',
    read: 'تحديد كمقروء',
    unread: 'تحديد كغير مقروء',
    snooze: 'تأجيل',
    archive: 'أرشفة',
    remove: 'حذف',
    undo: 'تراجع',
    select: 'تحديد',
    search: 'بحث',
    help: 'عرض هذه القائمة',
  },
  promptTitle: 'ابقَ على اطلاع وأنت في مكان آخر',
  promptText: 'يرسل إليك متصفحك إشعارًا عندما تكون علامة التبويب هذه في الخلفية.',
  promptAccept: 'تفعيل',
  promptLater: 'ليس الآن',
  promptNever: 'أبدًا',
  browserDenied: 'يحظر متصفحك الإشعارات من هذا الموقع. يمكنك السماح بها في إعدادات الموقع.',
  browserUnsupported: 'لا يستطيع هذا المتصفح عرض الإشعارات هنا.',
  browserGranted: 'يعرض متصفحك الإشعارات عندما تكون علامة التبويب هذه في الخلفية.',
  sound: 'الصوت',
  soundOn: 'تشغيل الصوت',
  soundOff: 'إيقاف الصوت',
  volume: 'مستوى الصوت',
  onlyUnfocused: 'فقط عندما تكون علامة التبويب هذه في الخلفية',
  preferences: 'إعدادات الإشعارات',
  browserNotifications: 'إشعارات المتصفح',
  dismissToast: 'إغلاق',
  toasts: 'رسائل الإشعارات',
}
