import { useStrings } from '../kit/useStrings.ts'
import { PanelIcon } from '../ui/PanelIcon.tsx'
import { type PartProps, part } from '../ui/part.ts'

export interface NewItemsPillProps extends PartProps {
  count: number
  onClick(): void
}

/** Says that rows have come above those on screen, and leads there. */
export const NewItemsPill = part('pill', function NewItemsPill(props: NewItemsPillProps) {
  const strings = useStrings()
  return (
    <button
      type="button"
      data-belfry-pill=""
      className={props.className}
      style={props.style}
      onClick={props.onClick}
    >
      <PanelIcon name="up" />
      {strings.newItems(props.count)}
    </button>
  )
})
