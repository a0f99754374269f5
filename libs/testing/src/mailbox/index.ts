export { createMailbox, startMailbox } from './mailbox.js';
export type { Mailbox, MailboxOptions, StartedMailbox } from './mailbox.js';
export type { MailFault } from './mail-faults.js';
export type { ReceivedMail } from './received-mail.js';
