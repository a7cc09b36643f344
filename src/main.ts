import { loadConfig } from './config';
import { runToEnd } from './run-to-end';
import { serve } from './serve';

void runToEnd(() => serve(loadConfig()));
