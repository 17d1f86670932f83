/** A CloudEvent as it travels from an EventSource to a trigger. Its data is kept as exact text: nothing on the way parses it needlessly. */
export type CloudEvent = {
  id: string
  source: string
  specversion: '1.0'
  type: string
  datacontenttype?: string
  subject: string
  /** RFC 3339. */
  time: string
  data: string | null
  /** Set where the data was found to be valid JSON as it came in; otherwise it is checked when it is first read. */
  isJson?: true
}
