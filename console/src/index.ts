export { createOperatorPage } from './operator-page.ts'
