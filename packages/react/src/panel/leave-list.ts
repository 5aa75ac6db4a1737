/** What Tab may reach. */
const STOPS = 'a[href], button, input, select, textarea, [tabindex]'

/** Moves the focus to what comes next before or after the list, as the feed pattern of WAI-ARIA has it. */
export function leaveList(list: HTMLElement, isForward: boolean): void {
  const side = isForward ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING
  const stops = [...document.querySelectorAll<HTMLElement>(STOPS)].filter(
    (stop) =>
      (list.compareDocumentPosition(stop) & side) !== 0 &&
      !list.contains(stop) &&
      stop.tabIndex >= 0 &&
      !stop.matches(':disabled') &&
      stop.checkVisibility(),
  )
  stops.at(isForward ? 0 : -1)?.focus()
}
