import './validation.ts';
import { styleNonce } from './nonce.ts';
import '@mantine/core/styles.css';
import '@fontsource-variable/inter/wght.css';
import '@fontsource/jetbrains-mono/400.css';
import '@fontsource/jetbrains-mono/600.css';
import './ui/tokens.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { connect } from './client/client.ts';
import { App } from './frame/app.tsx';
import { StartFailed } from './frame/start-failed.tsx';
import { useConnection } from './state/connection.ts';

async function start(): Promise<void> {
  const element = document.getElementById('root');
  if (element === null) throw new Error('index.html has no #root');
  const root = createRoot(element);
  try {
    const { client, onStatus } = await connect();
    onStatus(useConnection.getState().take);
    root.render(<App engine={client} styleNonce={styleNonce} />);
  } catch (error) {
    root.render(<StartFailed error={error} styleNonce={styleNonce} />);
  }
}

void start();
