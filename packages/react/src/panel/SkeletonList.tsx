import { useStrings } from '../kit/useStrings.ts'
import { type PartProps, part, useElements } from '../ui/part.ts'

/** Source: ui.md §5, Empty, error, offline, loading. */
const SKELETONS = ['first', 'second', 'third']

export const SkeletonList = part('skeletons', function SkeletonList(props: PartProps) {
  const strings = useStrings()
  const element = useElements()
  return (
    <div data-belfry-skeletons="" aria-busy="true" className={props.className} style={props.style}>
      <span data-belfry-hidden="">{strings.loading}</span>
      {SKELETONS.map((key) => (
        <div key={key} data-belfry-skeleton="" aria-hidden="true">
          <span {...element('picture')} />
          <span {...element('words')}>
            <span {...element('line')} />
            <span {...element('line')} />
          </span>
        </div>
      ))}
    </div>
  )
})
