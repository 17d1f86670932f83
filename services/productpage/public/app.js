// The theme is chosen by the system unless a reader has chosen one.
const root = document.documentElement
root.classList.add('scripted')
const systemDark = matchMedia('(prefers-color-scheme: dark)')

const savedTheme = () => {
  try {
    return localStorage.getItem('theme')
  } catch {
    return null // Some readers allow pages to keep nothing.
  }
}
const saveTheme = (theme) => {
  try {
    localStorage.setItem('theme', theme)
  } catch {
    // It holds for this page then.
  }
}
const applyTheme = (theme) => {
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches
  document.querySelector('[data-theme-switch]')?.setAttribute('aria-pressed', String(isDark))
}
applyTheme(savedTheme())
systemDark.addEventListener('change', () => applyTheme(null))
// The same reader in another tab.
addEventListener('storage', ({ key, newValue }) => key === 'theme' && applyTheme(newValue))

document.addEventListener('DOMContentLoaded', () => {
  applyTheme(null)
  const button = document.querySelector('[data-theme-switch]')
  button?.addEventListener('click', () => {
    const theme = button.getAttribute('aria-pressed') === 'true' ? 'light' : 'dark'
    saveTheme(theme)
    applyTheme(theme)
  })
  // What was swapped away took the focus with it: it goes to what came instead, so that nobody has to look for it.
  document.body.addEventListener('htmx:afterSwap', ({ detail: { target, requestConfig } }) => {
    const form = target.id === 'rating-form-section' && target
    const next =
      form ? (form.querySelector('[aria-invalid="true"]') ?? form.querySelector('.banner')) :
      target.id === 'reviews-section' && requestConfig?.elt?.closest?.('.pager, .question') ? document.getElementById('reviews') :
      null
    if (next && !next.matches('input, textarea')) next.tabIndex = -1
    next?.focus({ preventScroll: !form })
  })
})
