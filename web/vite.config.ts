import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestCase, type TestSpecification } from 'vitest/node';
import type { Plugin } from 'vite';

const server = process.env.TIDEBOARD_URL ?? 'http://127.0.0.1:8000';

/** The file that goes over all screens takes longest: begun last it would keep one worker alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const longest = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith('/screens.test.ts'));
    return (await super.sort(files)).toSorted((a, b) => longest(b) - longest(a));
  }
}

/** What needed a second attempt is told at the end, whatever else happened: a page or a test of it has a race to be found. */
class Flaky implements Reporter {
  private readonly seen: string[] = [];

  onTestCaseResult(test: TestCase) {
    if (test.diagnostic()?.flaky) this.seen.push(`${test.module.relativeModuleId}: ${test.fullName}`);
  }

  onTestRunEnd() {
    for (const name of this.seen) console.warn(`FLAKY, passed at the second attempt: ${name}`);
  }
}

export default defineConfig({
  plugins: [react(), compressed(), operations()],
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 800 },
  server: { proxy: { '/graphql': { target: server, ws: true }, '/api': server, '/dev': server } },
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new Flaky()],
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] } },
      { extends: true, test: { name: 'e2e', include: ['e2e/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 2, retry: 1, expect: { poll: { timeout: 30_000 } } } },
      { extends: true, test: { name: 'trace', include: ['e2e/*.trace.ts'], testTimeout: 600_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { name: 'shots', include: ['e2e/*.shots.ts'], testTimeout: 180_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
});

/** Beside each file that shrinks by it lies its gzip form, which the server sends as it is. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg|json)$/.test(name) || name === 'operations.json') continue;
        const path = join('dist', name);
        const plain = readFileSync(path);
        const small = gzipSync(plain, { level: 9 });
        if (small.length < plain.length) writeFileSync(path + '.gz', small);
      }
    },
  };
}

/** operations.json holds the texts of all operations, so that the server knows them by their hash from the first request. */
function operations(): Plugin {
  return {
    name: 'operations',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'operations.json', source: readFileSync('src/gql/operations.json') });
    },
  };
}
