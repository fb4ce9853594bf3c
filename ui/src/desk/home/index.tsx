export { AppHome } from './AppHome'
export { Home } from './Home'
