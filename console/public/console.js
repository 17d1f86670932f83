// The pages are complete without this: it keeps figures current and copies ids.
const pauseMs = 2_000
document.documentElement.classList.add('scripted')

document.addEventListener('click', async ({ target }) => {
  const button = target.closest?.('[data-copy]')
  if (!button) return
  await navigator.clipboard.writeText(button.dataset.copy)
  document.getElementById('notice').textContent = `Copied ${button.dataset.copy}`
})

// What somebody is using stays as it is.
const isInUse = (part) => part.contains(document.activeElement) || part.querySelector(':popover-open') !== null

const refresh = async () => {
  const reply = await fetch(location.href)
  if (!reply.ok) return
  const fresh = new DOMParser().parseFromString(await reply.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id)
    if (next && next.innerHTML !== part.innerHTML && !isInUse(part)) part.innerHTML = next.innerHTML
  }
}

const keepFresh = () =>
  setTimeout(async () => {
    if (!document.hidden) await refresh().catch(() => {})
    keepFresh()
  }, pauseMs)
if (document.querySelector('[data-live]')) keepFresh()
