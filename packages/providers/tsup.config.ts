import { library } from '../../tsup.base.ts';

export default library({
  entry: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts', 'testing/cli': 'src/testing/cli.ts' },
  platform: 'neutral',
  noExternal: ['eventsource-parser'],
  external: [/^node:/],
});
