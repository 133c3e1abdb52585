import { application } from '../../tsup.base.ts';

export default application({ entry: { main: 'src/main.ts' } });
