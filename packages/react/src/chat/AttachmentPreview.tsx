import { useEffect, useRef } from 'react'
import { type Attachment, drawWithin } from './attachments.ts'
import { ChatButton } from './ChatButton.tsx'
import { ChatIcon } from './ChatIcon.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'

const PREVIEW_PX = 64 * 2

export interface AttachmentPreviewProps {
  attachment: Attachment
  onRemove(): void
  strings?: Partial<ChatStrings> | undefined
}

/** A file that goes with the next message, and how far it has come. */
export function AttachmentPreview({ attachment, onRemove, strings: own }: AttachmentPreviewProps) {
  const strings = useChatStrings(own)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { file, picture, progress, media, error } = attachment
  useEffect(() => {
    if (canvas.current && picture) drawWithin(canvas.current, picture, PREVIEW_PX)
  }, [picture])
  return (
    <li data-belfry-attachment="" data-failed={error !== undefined || undefined}>
      {picture ? <canvas ref={canvas} /> : <ChatIcon name="file" />}
      <span data-part="name" dir="auto">
        {file.name}
      </span>
      {error !== undefined ? (
        <span data-part="error" role="alert">
          {strings.uploadFailed(file.name)} {error}
        </span>
      ) : (
        !media && (
          <progress max={1} value={progress} aria-label={strings.uploading(Math.round(progress * 100))} />
        )
      )}
      <ChatButton icon="close" label={strings.removeAttachment(file.name)} onClick={onRemove} />
    </li>
  )
}
