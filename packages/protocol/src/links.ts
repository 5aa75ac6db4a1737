/** The one rule for links, used when they are stored and when they are followed. */
export function isSafeLink(text: string): boolean {
  if (/\p{Cc}/u.test(text)) return false
  if (/^\/(?![/\\])/.test(text)) return true
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
}
