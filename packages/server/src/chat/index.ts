import type { Features } from '../store/store.ts'
import {
  createDelete,
  editMessage,
  pinMessage,
  reactToMessage,
  unpinMessage,
  unreactToMessage,
} from './change-message.ts'
import { createChat } from './create.ts'
import { listChats, listMessages, openChat } from './lists.ts'
import { addMembers, leaveChat, listMembers, removeMembers, updateMembers } from './members.ts'
import { newsOf } from './notices.ts'
import type { Outside } from './outside.ts'
import { createPost } from './post.ts'
import { blockUser, listBlocks, setChatPrefs, unblockUser, updateChat } from './prefs.ts'
import { createMarkRead, markChatUnread, tellReceipts } from './receipts.ts'
import { createResolveReport, listReports, reportMessage } from './report.ts'
import { searchMessages } from './search.ts'
import { testPolicy } from './test-policy.ts'
import { createTrim } from './trim.ts'

/** Chats: what the store runs for them. */
export function createChatFeature(outside: Outside): Features {
  return {
    handlers: {
      createChat,
      updateChat,
      leaveChat,
      addMembers,
      updateMembers,
      removeMembers,
      setChatPrefs,
      postMessage: createPost(outside),
      editMessage,
      deleteMessage: createDelete(outside),
      reactToMessage,
      unreactToMessage,
      pinMessage,
      unpinMessage,
      markChatRead: createMarkRead(outside),
      markChatUnread,
      tellReceipts,
      blockUser,
      unblockUser,
      reportMessage,
      resolveReport: createResolveReport(outside),
      trimMessages: createTrim(outside),
    },
    queries: {
      listChats,
      openChat,
      listMembers,
      listMessages,
      searchMessages,
      listBlocks,
      listReports,
      testPolicy,
      newsOf,
    },
  }
}
