import { render } from 'preact';
import { App } from './app.tsx';
import { embedded } from './source/embedded.ts';
import { followLive } from './source/live.ts';
import { showRecording } from './source/recorded.ts';
import { Store } from './source/store.ts';

const store = new Store();
const { recording, live } = embedded(document);
if (recording) showRecording(store, recording);
else followLive(store, live?.token ?? '');

const root = document.getElementById('page');
if (root) render(<App store={store} />, root);
