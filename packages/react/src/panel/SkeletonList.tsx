import { useStrings } from '../kit/KitContext.ts'
import type { PartProps } from '../ui/part.ts'

/** Source: ui.md §5, Empty, error, offline, loading. */
const SKELETONS = ['first', 'second', 'third']

export function SkeletonList(props: PartProps) {
  const strings = useStrings(props.strings)
  return (
    <div data-belfry-skeletons="" aria-busy="true" className={props.className} style={props.style}>
      <span data-belfry-hidden="">{strings.loading}</span>
      {SKELETONS.map((key) => (
        <div key={key} data-belfry-skeleton="" aria-hidden="true">
          <span data-part="picture" />
          <span data-part="words">
            <span data-part="line" />
            <span data-part="line" />
          </span>
        </div>
      ))}
    </div>
  )
}
