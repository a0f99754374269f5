import {
  CallRecorder,
  FakePhone,
  type FakeTwilio,
  type FilePart,
  type PhoneCall,
  type Recogniser,
} from '@tradeline/testing';
import { actOut, type CallersVoice } from '../caller/act-out.js';
import { narrate, type NarrationLine, type Tell } from '../caller/narration.js';
import type { Scenario } from '../scenarios/scenario.js';

export interface ScenarioOrder {
  readonly to: string;
  readonly from?: string | undefined;
  readonly publicUrl?: string | undefined;
  /** Gets the parts of a WAV file of the call while it runs. */
  readonly record?: ((part: FilePart) => void) | undefined;
}

export interface PlacedCall {
  readonly callSid: string;
  readonly over: Promise<void>;
  hangUp(): void;
}

/** Lets scenarios ring the product, several at once; they share the network and nothing else. */
export class ScenarioPlayer {
  constructor(
    private readonly network: FakeTwilio,
    private readonly recogniser: Recogniser,
    private readonly voice: CallersVoice,
    private readonly log: Tell,
  ) {}

  /** Rings at once. `tell` gets every line; the last is of type `ended`. */
  place(scenario: Scenario, order: ScenarioOrder, tell: Tell): PlacedCall {
    const phone = new FakePhone({
      network: this.network,
      number: order.from ?? scenario.from,
      recogniser: this.recogniser,
    });
    const call = phone.dial(order.to, {
      stirVerstat: 'TN-Validation-Passed-A',
      ...(order.publicUrl ? { publicUrl: order.publicUrl } : {}),
    });
    const tellAll = (line: NarrationLine): void => {
      this.log(line);
      tell(line);
    };
    if (order.record) record(call, order.record);
    narrate(call, tellAll);
    const over = actOut(scenario, call, this.voice, tellAll).catch((error: unknown) => {
      tellAll({
        type: 'status',
        callSid: call.callSid,
        atMs: call.atMs,
        text: `the caller cannot go on: ${error instanceof Error ? error.message : String(error)}`,
      });
      call.hangUp();
    });
    return { callSid: call.callSid, over, hangUp: () => call.hangUp() };
  }
}

function record(call: PhoneCall, write: (part: FilePart) => void): void {
  const recorder = new CallRecorder(write);
  call.network.media.onFrame((frame) => recorder.hear(frame));
  call.on('ended', () => recorder.close());
}
