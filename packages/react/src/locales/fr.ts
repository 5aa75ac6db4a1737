import type { Strings } from '../kit/strings.ts'

/** Zero is singular in French. */
const plural = (count: number, one: string, many: string) => (count < 2 ? one : many)

export const fr: Strings = {
  notifications: 'Notifications',
  bell: (unread) =>
    unread === 0
      ? 'Notifications'
      : plural(unread, `Notifications, ${unread} non lue`, `Notifications, ${unread} non lues`),
  close: 'Fermer',
  retry: 'Réessayer',
  retryNow: 'Réessayer maintenant',
  loading: 'Chargement des notifications',
  unreadMark: 'Non lue',
  urgent: 'Urgent',
  high: 'Important',
  markRead: 'Marquer comme lue',
  markUnread: 'Marquer comme non lue',
  markAllRead: 'Tout marquer comme lu',
  snooze: 'Reporter',
  unsnooze: 'Faire revenir maintenant',
  snoozeNames: { hour: 'Dans 1 heure', tomorrow: 'Demain', monday: 'Lundi prochain' },
  snoozeOwn: 'À un autre moment',
  wakes: (time) => `Retour : ${time}`,
  returned: 'Reportée auparavant',
  archive: 'Archiver',
  unarchive: 'Remettre dans la boîte de réception',
  remove: 'Supprimer',
  undo: 'Annuler',
  removed: (count) =>
    count === 1
      ? 'Notification supprimée'
      : plural(count, `${count} notification supprimée`, `${count} notifications supprimées`),
  archived: (count) =>
    count === 1
      ? 'Notification archivée'
      : plural(count, `${count} notification archivée`, `${count} notifications archivées`),
  snoozed: (count) => plural(count, 'Notification reportée', `${count} notifications reportées`),
  readAll: (count) =>
    plural(count, `${count} notification marquée comme lue`, `${count} notifications marquées comme lues`),
  filters: 'Filtrer les notifications',
  filterAll: 'Toutes',
  filterUnread: 'Non lues',
  filterArchived: 'Archivées',
  filterSnoozed: 'Reportées',
  showAll: 'Tout afficher',
  emptyTitle: 'Tout est calme',
  emptyText: 'Les nouvelles notifications s’afficheront ici.',
  emptyFilter: (filter) => `Rien dans «\u00a0${filter}\u00a0»`,
  errorTitle: 'Cela n’a pas fonctionné',
  offlineText: 'Vous êtes hors ligne. Voici les notifications enregistrées.',
  newItems: (count) => plural(count, `${count} nouvelle notification`, `${count} nouvelles notifications`),
  newSince: 'Nouveau depuis votre dernière visite',
  newNotifications: (count) =>
    plural(count, `${count} nouvelle notification`, `${count} nouvelles notifications`),
  whileAway: (count) =>
    plural(
      count,
      `${count} notification pendant votre absence`,
      `${count} notifications pendant votre absence`,
    ),
  today: 'Aujourd’hui',
  yesterday: 'Hier',
  thisWeek: 'Cette semaine',
  earlier: 'Plus tôt',
  justNow: 'à l’instant',
  grouped: (title, others) => plural(others, `${title} et ${others} autre`, `${title} et ${others} autres`),
  expandGroup: (count) => plural(count, 'Afficher', `Afficher les ${count}`),
  collapseGroup: 'Réduire',
  status: {
    idle: 'Non connecté',
    connecting: 'Connexion en cours',
    online: 'En direct',
    degraded: 'Connexion lente',
    reconnecting: 'Reconnexion en cours',
    offline: 'Hors ligne',
    unauthorized: 'Déconnecté',
  },
  retryIn: (seconds) => `Nouvel essai dans ${seconds}\u00a0s`,
  search: 'Rechercher dans les notifications',
  selected: (count) => plural(count, `${count} sélectionnée`, `${count} sélectionnées`),
  clearSelection: 'Effacer la sélection',
  shortcuts: 'Raccourcis clavier',
  shortcutNames: {
    next: 'Notification suivante',
    previous: 'Notification précédente',
    open: 'Ouvrir',
    read: 'Marquer comme lue',
    unread: 'Marquer comme non lue',
    snooze: 'Reporter',
    archive: 'Archiver',
    remove: 'Supprimer',
    undo: 'Annuler la dernière action',
    select: 'Sélectionner',
    search: 'Rechercher',
    help: 'Afficher cette liste',
  },
  promptTitle: 'Restez au courant, même ailleurs',
  promptText: 'Votre navigateur vous prévient quand cet onglet est en arrière-plan.',
  promptAccept: 'Activer',
  promptLater: 'Pas maintenant',
  promptNever: 'Jamais',
  browserDenied:
    'Votre navigateur bloque les notifications de ce site. Autorisez-les dans les paramètres du site.',
  browserUnsupported: 'Ce navigateur ne peut pas afficher de notifications ici.',
  browserGranted: 'Votre navigateur affiche les notifications quand cet onglet est en arrière-plan.',
  sound: 'Son',
  soundOn: 'Activer le son',
  soundOff: 'Couper le son',
  volume: 'Volume',
  onlyUnfocused: 'Seulement quand cet onglet est en arrière-plan',
  preferences: 'Paramètres des notifications',
  browserNotifications: 'Notifications du navigateur',
  dismissToast: 'Fermer',
  toasts: 'Messages',
}
