// The theme is chosen by the system unless a reader has chosen one.
const root = document.documentElement
const saved = localStorage.getItem('theme')
if (saved === 'light' || saved === 'dark') root.dataset.theme = saved

document.addEventListener('DOMContentLoaded', () => {
  const button = document.querySelector('[data-theme-switch]')
  if (button) {
    button.hidden = false
    button.addEventListener('click', () => {
      const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
      root.dataset.theme = isDark ? 'light' : 'dark'
      localStorage.setItem('theme', root.dataset.theme)
    })
  }
  // Swapped-in problems get the focus, so that nobody has to look for them.
  document.body.addEventListener('htmx:afterSwap', (event) => {
    const invalid = event.target.querySelector?.('[aria-invalid="true"]')
    if (invalid) invalid.focus()
  })
})
