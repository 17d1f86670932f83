/** The functions of jq that are best said in jq. */
export const prelude = `
def recurse: recurse(.[]?);
def recurse(f; cond): recurse(f | select(cond));
def map(f): [.[] | f];
def select(f): if f then . else empty end;
def values: select(. != null); def nulls: select(. == null);
def booleans: select(type == "boolean"); def numbers: select(type == "number"); def strings: select(type == "string");
def arrays: select(type == "array"); def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object"); def scalars: select(type | . != "array" and . != "object");
def finites: select(isinfinite or isnan | not); def normals: select(isnormal);
def keys_unsorted: keys;
def toarray: if type == "array" then . else [.] end;
def add: reduce .[] as $x (null; . + $x);
def add(f): reduce f as $x (null; . + $x);
def any: isempty(first(.[] | select(.))) | not; def any(g; cond): isempty(first(g | cond | select(.))) | not;
def any(f): isempty(first(.[] | f | select(.))) | not;
def all(g; cond): isempty(first(g | cond | select(. | not))); def all(f): all(.[]; f); def all: isempty(first(.[] | select(. | not)));
def isempty(g): label $go | (g | false, break $go), true;
def isvalid(f): try (f | true) catch false;
def in(xs): . as $x | xs | has($x); def inside(xs): . as $x | xs | contains($x);
def range($x): range(0; $x);
def range($from; $upto; $by):
  if $by > 0 then $from | while(. < $upto; . + $by) elif $by < 0 then $from | while(. > $upto; . + $by) else empty end;
def while(cond; update): select(cond) | recurse(update | select(cond));
def until(cond; update): recurse(if cond then empty else update end) | select(cond);
def repeat(f): recurse(f);
def first: .[0]; def last: .[-1]; def last(g): reduce g as $x (null; $x);
def nth($n): .[$n];
def nth($n; f): if $n < 0 then error("Out of bounds negative array index") else last(limit($n + 1; f)) end;
def skip($n; f): foreach f as $x (-$n; . + 1; if . > 0 then $x else empty end);
def sort_by(f): [.[] | [[f], .]] | _sort_by; def group_by(f): [.[] | [[f], .]] | _group_by;
def unique_by(f): [.[] | [[f], .]] | _unique_by; def min_by(f): [.[] | [[f], .]] | _min_by; def max_by(f): [.[] | [[f], .]] | _max_by;
def index($x): indices($x) | .[0]; def rindex($x): indices($x) | .[-1:] | .[0];
def del(f): . as $dot | [path(f)] as $paths | delpaths($paths);
def paths: path(..) | select(length > 0);
def paths(f): path(.. | select(f)) | select(length > 0);
def leaf_paths: paths(scalars);
def pick(f): . as $top | reduce path(f) as $p (null; setpath($p; $top | getpath($p)));
def to_entries: [keys[] as $k | {key: $k, value: .[$k]}];
def from_entries: reduce .[] as $x ({}; . + {($x | if .key == null then .k // .name // .Name // .K // .Key else .key end
  | if type == "string" then . else tojson end): ($x | if has("value") then .value elif has("v") then .v else .Value end)});
def with_entries(f): to_entries | map(f) | from_entries;
def walk(f): def _walk: if type == "object" then map_values(_walk) elif type == "array" then map(_walk) else . end | f; _walk;
def map_values(f): .[] |= f;
def match($re): match($re; null); def match($re; $flags):
  if $re | type == "array" then . as $in | $re as [$p, $f] | $in | _match($p; $f)[] else _match($re; $flags)[] end;
def test($re): test($re; null); def test($re; $flags): isempty(first(match($re; $flags))) | not;
def capture($re): capture($re; null); def capture($re; $flags):
  match($re; $flags) | [.captures | .[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def scan($re): scan($re; null); def scan($re; $flags):
  match($re; ($flags // "") + "g") | if .captures | length > 0 then [.captures | .[] | .string] else .string end;
def split($re; $flags): . as $s | [foreach (match($re; ($flags // "") + "g"), null) as $m ({at: 0, out: null};
  if $m == null then .out = $s[.at:] else .out = $s[.at:$m.offset] | .at = $m.offset + $m.length end; .out)];
def splits($re): splits($re; null); def splits($re; $flags): split($re; $flags) | .[];
def sub($re; str): sub($re; str; ""); def gsub($re; str): sub($re; str; "g"); def gsub($re; str; $flags): sub($re; str; $flags + "g");
def sub($re; str; $flags): . as $in | [match($re; $flags)] as $all
  | def _captures: [.captures | .[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
    reduce ($all | .[]) as $m ({at: 0, out: [""]}; . as $state
      | {at: ($m.offset + $m.length), out: [$state.out | .[] as $done | $m | _captures | $done + $in[$state.at:$m.offset] + str]})
  | . as $end | .out | .[] | . + $in[$end.at:];
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
def todate: strftime("%Y-%m-%dT%H:%M:%SZ"); def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def fromdate: fromdateiso8601; def todateiso8601: todate; def date: todate; def dateadd(u; n): . + n; def datesub(u; n): . - n;
def IN(s): isempty(first(s == . | select(.))) | not; def IN(src; s): isempty(first(src == s | select(.))) | not;
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] |= $row); def INDEX(f): INDEX(.[]; f);
def halt_error: error; def halt_error($code): error;
def inputs: empty; def debug(m): .;
def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
`
