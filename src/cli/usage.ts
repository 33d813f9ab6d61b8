// What `npm run sim` prints without a command, or with a wrong one.

export const USAGE = `usage:
  sim run TAPE [--until MS] [--hash] [--trace FILE] [--history FILE] [--json] [--settled FILE]
      replays a tape at full speed under all monitors
  sim fsck TAPE [--at MS] [--json]
      replays a tape and checks the structure of every page at VDL: heap, index, free space, catalog, commit log
  sim tape PRESET|FILE [--seed N]
      prints a fresh tape of a preset, or of the cluster that a file lays out (docs/spec/presets.md)
  sim sweep --preset PRESET [--cluster FILE|drawn] --seeds A..B [--minutes M] [--seconds S] [--shard I/N] [--wall S] [--broken NAME] [--json FILE] [--workers N] [--save DIR] [--least N] [--first] [--redo full|every] [--queue URL]
      random configuration, load and faults for each seed, then heal and check; M or S is the virtual time of chaos,
      --cluster FILE sweeps the cluster of a file, drawn another valid one of the preset's architecture for each seed,
      --wall stops starting seeds after that many wall seconds but not before --least were started,
      --first ends with the first failing seed, --redo full holds all reads and everything again and again against the log, every also looks at each cut of it, --save keeps the tapes of failing seeds
  sim lesson ID|FILE [--tape]
      a lesson by its script: its steps, the truth of its questions, whether it passes; or the tape it makes
  sim grade ASSIGNMENT FOLDER [--csv FILE] [--json FILE] [--page FILE] [--lab ADDRESS] [--workers N] [--seconds S]
  sim grade ASSIGNMENT --start NAME
      plays each tape in the folder on the assignment's cluster; a page opens each at the moment that decides; --start prints the
      tape that a student begins with
  sim serve [--preset PRESET | --cluster FILE [--profile PROFILE] | --tape FILE] [--seed N] [--port 5433] [--pace asked|hold|max|1|SLOWDOWN] [--record FILE]
      a cluster behind an address of PostgreSQL's protocol on 127.0.0.1 (docs/clients.md); --record writes its tape when it is ended
  sim compare [--column PRESET|FILE]… [--fault FAULT] [--load LOAD] [--seed N] [--json | --tape COLUMN]
      one load and one logical fault on several clusters: a table whose figures name their events, or the tape of a column
  sim mutants [--preset PRESET] [--seeds A..B] [--seconds S] [--only ID,…] [--workers N] [--clean] [--dense] [--queue URL]
      each planted bug alone over dense seeds, or over the fates of its small world, until a monitor catches it: first catcher
      and seeds or fates to catch; --clean runs the same seeds without any first, --dense runs all over seeds
  sim digests [--write]
      the events of every recorded tape against their recorded digests (docs/testing.md says when to record them anew)
  sim docs [--write]
      tables and snippets of documents against the code that they are made from
  sim waits [--preset PRESET] [--seeds A..B] [--seconds S] [--quota N] [--aim WAIT] [--workers N] [--json FILE] [--queue URL]
      what is said of waits in states of swept runs, tried on clones; N states of each kind for a seed;
      --aim draws runs that have more of a rare wait, --json adds the counts to those that the file has
  sim says [--preset PRESET] [--seeds A..B] [--seconds S] [--tape FILE]… [--lesson ID|all]… [--quota N] [--aim WAIT] [--workers N] [--json FILE] [--queue URL]
      what captions claim in dense runs, or in that of a tape, held against the run; and captions that lie on purpose;
      --quota judges N claims of each kind for a seed, --aim and --json as for waits
  sim fates [--world NAME,…] [--quota N] [--part 'ACTIVITY: KIND'] [--shard I/N] [--broken NAME] [--first] [--workers N] [--save DIR] [--tape] [--queue URL]
      a node loses power and keeps any part of what it had not synced (all, none, one kind of key, all but one, each beginning),
      in small worlds that are copied at such moments; N of the moments that are alike; --tape prints the worlds
  sim fuzz [--inputs N] [--seed S | --seeds A..B] [--workers N] [--queue URL]
      mutated bytes for every decoder of messages and disk values, half of them with a valid checksum; N of each seed
  sim merge REPORT… [--json FILE]
      reports of shards of one sweep as one: a seed counts once, and one that two reports have has to be the same in both
  sim worker --queue URL [--workers N] [--browser] [--idle S]
      takes jobs of the same build from a queue and runs N at a time; --browser takes what needs one as well,
      --idle ends it when there was nothing to do for S seconds
  sim campaign list | show ID | resume ID | cancel ID | drain ID --queue URL
      what stands in a queue; resume goes on with a campaign that was left, cancel takes out what waits,
      drain ends what is handed in and hands in nothing more
  --queue URL (redis://[:PASSWORD@]HOST[:PORT][/DB], rediss:// over TLS) gives the jobs of a command to workers on many machines
      (docs/many-machines.md); --campaign ID goes on with one`;
