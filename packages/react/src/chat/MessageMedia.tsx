import type { MediaAddress } from '@belfry/client/chat'
import type { Media } from '@belfry/protocol'
import { useEffect, useState } from 'react'
import { ChatIcon } from './ChatIcon.tsx'
import { useChatKit, useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'

/** Undefined until the server has given an address. */
function useLinks({ id, external, url }: Media): Partial<MediaAddress> | undefined {
  const { chats } = useChatKit()
  const [links, setLinks] = useState<MediaAddress>()
  useEffect(() => {
    if (external || !chats) return
    let isCurrent = true
    void chats.link(id).then(
      (found) => isCurrent && setLinks(found),
      () => undefined,
    )
    return () => {
      isCurrent = false
    }
  }, [chats, id, external])
  return external ? { url } : links
}

export function MessageMedia({
  media,
  strings: own,
}: {
  media: Media
  strings?: Partial<ChatStrings> | undefined
}) {
  const strings = useChatStrings(own)
  const links = useLinks(media)
  const { kind, name, width, height, alt } = media
  // Somebody else's address is never fetched for a reader who has not asked for it.
  if (media.external || kind === 'file') return <FileLink media={media} url={links?.url} strings={strings} />
  if (kind === 'image') {
    return (
      <a
        data-belfry-media="image"
        href={links?.url}
        target="_blank"
        rel="noreferrer"
        aria-label={strings.openFile(alt ?? name)}
      >
        <img
          src={links?.thumbUrl ?? links?.url}
          alt={alt ?? name}
          {...(width && height ? { width, height } : {})}
          loading="lazy"
          decoding="async"
        />
      </a>
    )
  }
  if (kind === 'video')
    // biome-ignore lint/a11y/useMediaCaption: what people send each other has no subtitles
    return <video data-belfry-media="video" controls preload="metadata" src={links?.url} aria-label={name} />
  // biome-ignore lint/a11y/useMediaCaption: as above
  return <audio data-belfry-media="audio" controls preload="none" src={links?.url} aria-label={name} />
}

function FileLink({ media, url, strings }: { media: Media; url: string | undefined; strings: ChatStrings }) {
  return (
    <a
      data-belfry-media="file"
      href={url}
      target="_blank"
      rel="noreferrer nofollow"
      aria-label={strings.openFile(media.name)}
    >
      <ChatIcon name="file" />
      <span data-part="name" dir="auto">
        {media.name}
      </span>
      <span data-part="size">{media.external ? hostOf(media.url) : sizeOf(media.size)}</span>
    </a>
  )
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '')

/** In the units in which people count files. */
function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
