import '@fontsource-variable/inter/wght.css';
import '../ui/tokens.css';
import '../ui/base.css';
import './theme';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';

// What broke is told by the Boundary that caught it.
createRoot(document.getElementById('root')!, { onCaughtError: () => undefined }).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
