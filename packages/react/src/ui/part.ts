import {
  type Attributes,
  type ComponentType,
  type CSSProperties,
  createContext,
  createElement,
  type ReactNode,
  useContext,
  useMemo,
} from 'react'
import type { Strings } from '../kit/strings.ts'
import { Later, useLater } from './later.ts'
import type { PartMap } from './part-map.ts'

/** A component of the kit, by the name under which an app changes its looks. */
export type PartName = keyof PartMap

/** An element inside of components, as its attribute `data-part` names it. */
export type ElementName =
  | 'action'
  | 'bar'
  | 'body'
  | 'button'
  | 'buttons'
  | 'close'
  | 'count'
  | 'divider'
  | 'dot'
  | 'image'
  | 'line'
  | 'mark'
  | 'message'
  | 'meta'
  | 'more'
  | 'picture'
  | 'popover'
  | 'scroller'
  | 'title'
  | 'toast'
  | 'tools'
  | 'urgent'
  | 'words'

/** Classes by the name of the component or element that gets them. */
export type ClassNames = { readonly [K in PartName | ElementName]?: string }

/** Components in place of ours. Each takes the props of the one that it replaces, and may show that one inside of itself. */
export type Slots = { readonly [K in PartName]?: ComponentType<PartMap[K]> }

/** What every component of the kit takes. All but `className` and `style` hold for what is inside of it, too. */
export interface PartProps {
  className?: string | undefined
  style?: CSSProperties | undefined
  classNames?: ClassNames | undefined
  slots?: Slots | undefined
  /** Own words in place of the provider's. */
  strings?: Partial<Strings> | undefined
}

export const LooksContext = createContext<Pick<PartProps, 'classNames' | 'slots' | 'strings'>>({})

/** What the context tells, a component is not told again. */
const NO_LOOKS = { classNames: undefined, slots: undefined, strings: undefined }

/** Lets a component answer to its name: it takes its class and its replacement from those around it. */
export function part<N extends PartName>(name: N, Own: ComponentType<PartMap[N]>) {
  return function Part(props: PartMap[N]): ReactNode {
    const outer = useContext(LooksContext)
    const { className, classNames, slots, strings }: PartProps = props
    const { looks, Shown, named } = useMemo(() => {
      const allSlots: Slots = { ...outer.slots, ...slots }
      const allNames: ClassNames = { ...outer.classNames, ...classNames }
      const Slot: ComponentType<PartMap[N]> | undefined = allSlots[name]
      // Inside of its replacement the name means ours again, as it is by itself.
      const used = { [name]: undefined }
      const inner = {
        slots: { ...allSlots, ...used },
        classNames: Slot ? { ...allNames, ...used } : allNames,
        strings: { ...outer.strings, ...strings },
      }
      const looks = Slot || classNames || slots || strings ? inner : outer
      return { looks, Shown: Slot ?? Own, named: allNames[name] }
    }, [outer, classNames, slots, strings])
    const classes = [named, className].filter(Boolean).join(' ') || undefined
    // The compiler does not follow the pair of a component and its props through the table.
    const given = { ...props, ...NO_LOOKS, className: classes } as PartMap[N] & Attributes
    const shown = createElement(Shown, given)
    return looks === outer ? shown : createElement(LooksContext.Provider, { value: looks }, shown)
  }
}

/** The same for a component whose code is loaded when it first shows. */
export function latePart<N extends PartName>(name: N, bring: () => Promise<ComponentType<PartMap[N]>>) {
  const later = new Later(bring)
  return part(name, function LatePart(props) {
    const Body = useLater(later)
    return Body ? createElement(Body, props) : null
  })
}

/** Attributes of an element that has a name. */
export function useElements(): (name: ElementName) => {
  'data-part': ElementName
  className: string | undefined
} {
  const { classNames } = useContext(LooksContext)
  return (name) => ({ 'data-part': name, className: classNames?.[name] })
}
