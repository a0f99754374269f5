import { Module } from '@nestjs/common';
import { BrowseDeliveries } from './browse-deliveries.js';
import { DeliveriesController } from './deliveries.controller.js';

@Module({ controllers: [DeliveriesController], providers: [BrowseDeliveries] })
export class BrowseDeliveriesModule {}
