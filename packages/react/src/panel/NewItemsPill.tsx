import { useStrings } from '../kit/KitContext.ts'
import { Icon } from '../ui/Icon.tsx'
import type { PartProps } from '../ui/part.ts'

/** Says that rows have come above those on screen, and leads there. */
export function NewItemsPill(props: PartProps & { count: number; onClick(): void }) {
  const strings = useStrings(props.strings)
  return (
    <button
      type="button"
      data-belfry-pill=""
      className={props.className}
      style={props.style}
      onClick={props.onClick}
    >
      <Icon name="up" />
      {strings.newItems(props.count)}
    </button>
  )
}
