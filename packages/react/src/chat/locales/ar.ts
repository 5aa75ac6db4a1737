import type { ChatStrings } from '../strings.ts'

const rules = new Intl.PluralRules('ar')

/** The noun after a number takes one of six forms. */
const plural = (count: number, forms: Record<Intl.LDMLPluralRule, string>): string =>
  forms[rules.select(count)]

/** Text of either direction, kept from turning the Arabic around it. */
const isolated = (text: string): string => `\u2068${text}\u2069`

const newMessages = (count: number) =>
  plural(count, {
    zero: 'الانتقال إلى الأحدث',
    one: 'رسالة جديدة واحدة',
    two: 'رسالتان جديدتان',
    few: `${count} رسائل جديدة`,
    many: `${count} رسالة جديدة`,
    other: `${count} رسالة جديدة`,
  })

const unreadMessages = (count: number) =>
  plural(count, {
    zero: '',
    one: 'رسالة واحدة غير مقروءة',
    two: 'رسالتان غير مقروءتين',
    few: `${count} رسائل غير مقروءة`,
    many: `${count} رسالة غير مقروءة`,
    other: `${count} رسالة غير مقروءة`,
  })

export const arChat: ChatStrings = {
  chats: 'المحادثات',
  newChat: 'محادثة جديدة',
  back: 'العودة إلى المحادثات',
  chatRow: (title, unread) => (unread === 0 ? title : `${isolated(title)}، ${unreadMessages(unread)}`),
  moreChats: 'عرض المزيد من المحادثات',
  noChatsTitle: 'لا محادثات بعد',
  noChatsText: 'ابدأ محادثة وستظهر هنا.',
  noChatOpen: 'اختر محادثة لقراءتها هنا.',
  messagesIn: (title) => `الرسائل مع ${isolated(title)}`,
  noMessages: 'لا رسائل بعد. ألقِ التحية.',
  loading: 'جارٍ التحميل…',
  loadOlder: 'تحميل الرسائل الأقدم',
  errorTitle: 'تعذّر تحميل هذه المحادثة.',
  retry: 'إعادة المحاولة',
  discard: 'تجاهل',
  stale: 'رسائل محفوظة. جارٍ البحث عن الأحدث…',
  unreadDivider: 'رسائل جديدة',
  jumpToLatest: newMessages,
  you: 'أنت',
  write: 'اكتب رسالة',
  writeTo: (title) => `الكتابة إلى ${isolated(title)}`,
  send: 'إرسال',
  attach: 'إرفاق ملف',
  removeAttachment: (name) => `إزالة ${isolated(name)}`,
  uploading: (percent) => `جارٍ الرفع، ${percent}٪`,
  uploadFailed: (name) => `تعذّر رفع ${isolated(name)}.`,
  status: {
    queued: 'بانتظار الاتصال',
    sending: 'جارٍ الإرسال',
    sent: 'أُرسلت',
    delivered: 'وصلت',
    read: 'قُرئت',
    failed: 'لم تُرسل',
  },
  unconfirmed: 'لم يتأكد الوصول',
  waitedLong: 'انتظرت هذه الرسالة أكثر من يوم. هل تُرسل؟',
  deliveredToAll: 'وصلت إلى الجميع',
  seenBy: (count) =>
    plural(count, {
      zero: 'لم يرها أحد',
      one: 'رآها شخص واحد',
      two: 'رآها شخصان',
      few: `رآها ${count} أشخاص`,
      many: `رآها ${count} شخصًا`,
      other: `رآها ${count} شخص`,
    }),
  seenByTitle: 'رآها',
  deliveredTo: 'وصلت إلى',
  notYet: 'ليس بعد',
  edited: 'معدّلة',
  deleted: 'حُذفت هذه الرسالة.',
  blockedSender: 'رسالة من شخص حظرته.',
  showMessage: 'عرض',
  reply: 'رد',
  replyingTo: (name) => `رد على ${isolated(name)}`,
  goneReply: 'رسالة لم تعد موجودة',
  cancel: 'إلغاء',
  edit: 'تعديل',
  editing: 'تعديل رسالة',
  save: 'حفظ',
  remove: 'حذف',
  react: 'تفاعل',
  reactWith: (emoji) => `تفاعل بـ ${emoji}`,
  reaction: (emoji, count) => `${emoji}، ${count}`,
  pin: 'تثبيت',
  unpin: 'إلغاء التثبيت',
  pinned: 'مثبّتة',
  messageActions: 'إجراءات هذه الرسالة',
  copyText: 'نسخ النص',
  report: 'إبلاغ',
  reported: 'شكرًا. سينظر أحدهم في الأمر.',
  typing(names) {
    const [first = '', second = '', third = ''] = names.map(isolated)
    if (names.length === 1) return `${first} يكتب الآن…`
    if (names.length === 2) return `${first} و${second} يكتبان الآن…`
    if (names.length === 3) return `${first} و${second} و${third} يكتبون الآن…`
    return plural(names.length, {
      zero: '',
      one: 'شخص واحد يكتب الآن…',
      two: 'شخصان يكتبان الآن…',
      few: `${names.length} أشخاص يكتبون الآن…`,
      many: `${names.length} شخصًا يكتبون الآن…`,
      other: `${names.length} شخص يكتبون الآن…`,
    })
  },
  presence: { online: 'متصل', away: 'بعيد', dnd: 'عدم الإزعاج', offline: 'غير متصل' },
  lastActive: (when) => `آخر نشاط: ${when}`,
  members: (count) =>
    plural(count, {
      zero: 'لا أعضاء',
      one: 'عضو واحد',
      two: 'عضوان',
      few: `${count} أعضاء`,
      many: `${count} عضوًا`,
      other: `${count} عضو`,
    }),
  details: 'إعدادات المحادثة',
  mute: 'كتم',
  unmute: 'إلغاء الكتم',
  hide: 'إخفاء',
  leave: 'مغادرة',
  block: 'حظر',
  unblock: 'إلغاء الحظر',
  markUnread: 'تحديد كغير مقروءة',
  muted: 'مكتومة',
  myStatus: 'حالتك',
  setStatus: { online: 'متصل', away: 'بعيد', dnd: 'عدم الإزعاج', invisible: 'غير مرئي' },
  people: 'الأشخاص',
  peopleHint: 'معرّفات المستخدمين، تفصل بينها فواصل',
  groupTitle: 'العنوان (للمجموعات)',
  create: 'بدء المحادثة',
  mentionList: 'الإشارة إلى شخص',
  file: 'ملف',
  image: 'صورة',
  openFile: (name) => `فتح ${isolated(name)}`,
  close: 'إغلاق',
  openChat: 'فتح',
  newMessageFrom: (name) => `رسالة جديدة من ${isolated(name)}`,
  sentFile: (name) => `أرسل ${isolated(name)} ملفًا`,
}
