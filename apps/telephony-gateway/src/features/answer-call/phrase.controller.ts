import { Controller, Get, Header, NotFoundException, Param, StreamableFile } from '@nestjs/common';
import { RecordedPhrases } from '../../integrations/phrases/recorded-phrases.js';
import { DOORS } from '../../integrations/twilio/twilio-door.js';

/** Twilio fetches what it plays here, without a signature; a name never gets another sound. */
@Controller(DOORS.phrases)
export class PhraseController {
  constructor(private readonly phrases: RecordedPhrases) {}

  @Get(':key.wav')
  @Header('content-type', 'audio/x-wav')
  @Header('cache-control', 'public, max-age=31536000, immutable')
  async phrase(@Param('key') key: string): Promise<StreamableFile> {
    const file = await this.phrases.file(key);
    if (!file) throw new NotFoundException('There is no such phrase.');
    return new StreamableFile(file);
  }
}
