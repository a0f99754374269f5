import { Controller } from '@nestjs/common';
import { FieldCapturedSchema } from '@tradeline/contracts';
import type { FieldCaptured } from '@tradeline/contracts';
import { OnEvent } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { KeepField } from './keep-field.js';

@Controller()
export class KeepFieldWhenFieldCaptured {
  constructor(private readonly keepField: KeepField) {}

  @OnEvent(FieldCapturedSchema, 'keep-field-when-field-captured')
  async hear(event: FieldCaptured, delivery: Delivery): Promise<void> {
    await this.keepField.keep(event, delivery);
  }
}
