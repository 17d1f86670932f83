import { createHmac, timingSafeEqual } from 'node:crypto'

const idsMax = 50
const cookieName = 'own_reviews'
const cookieAgeSeconds = 30 * 24 * 3_600

/** Remembers in a signed cookie which reviews a reader wrote: those, and only those, they may delete. */
export const createOwnReviews = ({ secret }: { secret: string }) => {
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url')
  const read = (cookies: string | undefined): string[] => {
    const value = (cookies ?? '')
      .split('; ')
      .find((cookie) => cookie.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1)
    const [ids = '', signature = ''] = value?.split('.') ?? []
    const wanted = Buffer.from(sign(ids))
    const given = Buffer.from(signature)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
      ? ids.split('~').filter((id) => id !== '')
      : []
  }
  return {
    read,
    /** The `Set-Cookie` header after one more review. */
    add: (cookies: string | undefined, id: string): string => {
      const ids = [...new Set([...read(cookies), id])].slice(-idsMax).join('~')
      return `${cookieName}=${ids}.${sign(ids)}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${cookieAgeSeconds}`
    },
  }
}
