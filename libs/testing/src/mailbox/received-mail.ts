import PostalMime from 'postal-mime';

/** A mail as it came over the wire, read by a MIME parser that is not the sender's. */
export interface ReceivedMail {
  readonly id: string;
  readonly receivedAt: string;
  /** The envelope's sender; empty for a bounce. */
  readonly from: string;
  /** The envelope's recipients. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  /** In the order of the message, names in lower case. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly filename: string; readonly mimeType: string }[];
  readonly raw: string;
}

export const readMail = async (
  raw: Buffer,
  envelope: { id: string; from: string; to: readonly string[]; receivedAt: Date },
): Promise<ReceivedMail> => {
  const mail = await PostalMime.parse(raw);
  return {
    id: envelope.id,
    receivedAt: envelope.receivedAt.toISOString(),
    from: envelope.from,
    to: envelope.to,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
    text: mail.text ?? '',
    html: mail.html ?? '',
    attachments: mail.attachments.map(({ filename, mimeType }) => ({ filename: filename ?? '', mimeType })),
    raw: raw.toString('utf8'),
  };
};
