export { aCallEnded, aConversationEnded } from './events.js';
