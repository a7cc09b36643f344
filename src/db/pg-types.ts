import { types } from 'pg';

/** Calendar days stay text: as instants they would shift with the zone of this process. int8 and numeric are text already. */
types.setTypeParser(types.builtins.DATE, (day) => day);
