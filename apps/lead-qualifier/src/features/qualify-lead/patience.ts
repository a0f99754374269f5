/** How long what may still arrive is waited for. */
export class Patience {
  constructor(
    /** For missing utterances, after the conversation's end. */
    readonly transcriptWaitMs: number,
    /** For the conversation's own end, after the call's. */
    readonly callEndedGraceMs: number,
  ) {}
}
