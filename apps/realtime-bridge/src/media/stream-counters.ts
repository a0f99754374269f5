/** What a media stream counts about itself; the closing line and ConversationEnded carry it. */
export class StreamCounters {
  messagesIn = 0;
  messagesOut = 0;
  audioMessagesToModel = 0;
  earlyFrames = 0;
  bargeIns = 0;
  truncations = 0;
  falseInterruptions = 0;
  /** On the media clock. */
  overlapMs = 0;
  /** Problems of one request and those that ended the call; lost races are none. */
  modelErrors = 0;
  lateDeltasDropped = 0;
  digits = 0;
  unknownEvents = 0;
  marksMissing = 0;
  droppedUtterances = 0;
  noCallerFrames = 0;
  /** Frames of silence that the model was given in their place. */
  filledFrames = 0;
  modelDeaf = 0;
  eventLoopLags = 0;

  /** @param earlier what the conversation's earlier streams have counted */
  constructor(earlier: Partial<StreamCounters> = {}) {
    Object.assign(this, earlier);
  }
}
