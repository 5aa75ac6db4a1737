/** Who writes. Not spoken: it comes and goes too often. */
export function TypingIndicator({ label }: { label: string }) {
  return (
    <p data-belfry-typing="" data-shown={label !== '' || undefined}>
      {label !== '' && (
        <>
          <span data-part="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span dir="auto">{label}</span>
        </>
      )}
    </p>
  )
}
