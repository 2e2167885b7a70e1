%% SPDX-License-Identifier: MIT
%%
%% The same workloads in Erlang, as an Erlang programmer would write them.
%%
%%     erl +S 2:2 +P 4000000 -noshell -s bench main WORKLOAD N
%%
%% prints a line of JSON, of five runs after one that is not counted. What each
%% measures is said in native.c.

-module(bench).
-behaviour(supervisor).
-export([main/1, init/1, start_victim/1, start_phoenix/1]).

-define(RUNS, 5).
-define(RING, 1000).

main([Name, N]) ->
    Workload = list_to_atom(atom_to_list(Name)),
    Count = list_to_integer(atom_to_list(N)),
    process_flag(trap_exit, false),
    logger:set_primary_config(level, none),
    Runs = case Workload of idle_memory -> 1; _ -> ?RUNS end,
    Runs > 1 andalso apart(Workload, Count),
    report(Workload, Count, [apart(Workload, Count) || _ <- lists:seq(1, Runs)]),
    halt(0).

%% In a process of its own, so that its heap is as good as new.
apart(Workload, N) ->
    {Pid, Ref} = spawn_monitor(fun() -> exit({found, run(Workload, N)}) end),
    receive
        {'DOWN', Ref, process, Pid, {found, Found}} -> Found;
        {'DOWN', Ref, process, Pid, Reason} ->
            io:format(standard_error, "bench: ~s failed: ~0p~n", [Workload, Reason]),
            halt(1)
    end.

report(Workload, N, Found) ->
    Values = lists:sort([hd(F) || F <- Found]),
    io:format("{\"runtime\": \"erlang\", \"workload\": \"~s\", \"kind\": "
              "\"erlang\", \"unit\": \"~s\", \"median\": ~.3f, \"min\": ~.3f, "
              "\"runs\": ~b, \"n\": ~b",
              [Workload, unit(Workload), median(Values), float(hd(Values)),
               length(Values), N]),
    Workload =:= fairness orelse
        io:format(", \"max\": ~.3f", [float(lists:last(Values))]),
    Extras = lists:zip(extras(Workload), lists:seq(2, 1 + length(extras(Workload)))),
    [io:format(", \"~s\": ~.3f",
               [Extra, median(lists:sort([lists:nth(I, F) || F <- Found]))])
     || {Extra, I} <- Extras],
    io:format("}~n").

median(Sorted) -> quantile(Sorted, 0.5).

quantile(Sorted, Part) ->
    At = min(length(Sorted), trunc(length(Sorted) * Part) + 1),
    float(lists:nth(At, Sorted)).

unit(W) when W =:= spawn_exit -> "ns/process";
unit(W) when W =:= idle_memory -> "bytes/process";
unit(W) when W =:= fanin; W =:= big -> "messages/s";
unit(W) when W =:= link_chain; W =:= link_star; W =:= monitor_storm -> "ms";
unit(restart_rate) -> "restarts/s";
unit(W) when W =:= restart_latency; W =:= fairness -> "us";
unit(W) when W =:= sleepers; W =:= sleepers_100k -> "cpu-s";
unit(_) -> "ns/message".

extras(W) when W =:= sleepers; W =:= sleepers_100k ->
    ["late_p50_ms", "late_p99_ms"];
extras(fairness) -> ["p99", "max"];
extras(_) -> [].

now_ns() -> erlang:monotonic_time(nanosecond).

%% Until no more processes live than before.
wait_for_live(Before) ->
    case erlang:system_info(process_count) > Before of
        true -> erlang:yield(), wait_for_live(Before);
        false -> ok
    end.

run(spawn_exit, N) ->
    Before = erlang:system_info(process_count),
    Began = now_ns(),
    times(N, fun() -> spawn(fun() -> ok end) end),
    wait_for_live(Before),
    [(now_ns() - Began) / N];
run(idle_memory, N) ->
    Before = resident_bytes(),
    times(N, fun() -> spawn(fun() -> receive stop -> ok end end) end),
    timer:sleep(1000),
    [(resident_bytes() - Before) / N];
run(pingpong, N) -> pingpong(1, N);
run(map10, N) ->
    pingpong(#{alpha => 1, beta => 2, gamma => <<"three">>, delta => 4.5,
               epsilon => true, zeta => 6, eta => <<"seven">>, theta => 8,
               iota => 9, kappa => <<"ten">>}, N);
%% Lists are copied; binaries of this length are shared.
run(bin1k, N) -> pingpong(binary:copy(<<"x">>, 1024), N);
run(bin64k, N) -> pingpong(binary:copy(<<"x">>, 65536), N);
run(ring, N) ->
    Self = self(),
    Pids = [spawn(fun hop/0) || _ <- lists:seq(1, ?RING - 1)],
    lists:foldl(fun(Pid, Next) -> Pid ! {next, Next}, Pid end, Self,
                lists:reverse(Pids)),
    Began = now_ns(),
    times(N div ?RING, fun() -> hd(Pids) ! token, receive token -> ok end end),
    Took = now_ns() - Began,
    [exit(Pid, kill) || Pid <- Pids],
    [Took / (N div ?RING * ?RING)];
run(fanin, N) ->
    Self = self(),
    Each = N div 8,
    Pids = [spawn(fun() -> receive go -> times(Each, fun() -> Self ! 7 end) end
                  end) || _ <- lists:seq(1, 8)],
    Began = now_ns(),
    [Pid ! go || Pid <- Pids],
    times(Each * 8, fun() -> receive 7 -> ok end end),
    [Each * 8 / (now_ns() - Began) * 1.0e9];
run(big, N) ->
    Self = self(),
    Pings = N div 2 div 120,
    Pids = [spawn(fun() -> talker(Self, Pings) end) || _ <- lists:seq(1, 120)],
    Peers = list_to_tuple(Pids),
    Began = now_ns(),
    [Pid ! {peers, Peers} || Pid <- Pids],
    times(120, fun() -> receive done -> ok end end),
    Took = now_ns() - Began,
    [exit(Pid, kill) || Pid <- Pids],
    [2 * 120 * Pings / Took * 1.0e9];
run(link_chain, N) ->
    Before = erlang:system_info(process_count),
    Self = self(),
    Head = spawn(fun() -> link_of_chain(Self, N) end),
    receive up -> ok end,
    Began = now_ns(),
    Head ! break,
    wait_for_live(Before),
    [(now_ns() - Began) / 1.0e6];
run(link_star, N) ->
    Before = erlang:system_info(process_count),
    Self = self(),
    Hub = spawn(fun() ->
        times(N, fun() -> spawn_link(fun() -> leaf(Self) end) end),
        receive break -> exit(fails) end
    end),
    times(N, fun() -> receive up -> ok end end),
    Began = now_ns(),
    Hub ! break,
    wait_for_live(Before),
    [(now_ns() - Began) / 1.0e6];
run(monitor_storm, N) ->
    Self = self(),
    Pids = [begin {P, _} = spawn_monitor(fun() -> leaf(Self) end), P end
            || _ <- lists:seq(1, N)],
    times(N, fun() -> receive up -> ok end end),
    Began = now_ns(),
    [Pid ! break || Pid <- Pids],
    times(N, fun() -> receive {'DOWN', _, process, _, _} -> ok end end),
    [(now_ns() - Began) / 1.0e6];
run(restart_rate, N) ->
    register(slayer, self()),
    Began = now_ns(),
    {ok, Supervisor} = supervisor:start_link(?MODULE, {start_victim, 100}),
    times(N, fun() -> receive {up, Pid, _} -> exit(Pid, kill) end end),
    times(100, fun() -> receive {up, _, _} -> ok end end),
    Took = now_ns() - Began,
    stop(Supervisor),
    [N / Took * 1.0e9];
run(restart_latency, N) ->
    register(slayer, self()),
    {ok, Supervisor} = supervisor:start_link(?MODULE, {start_phoenix, 1}),
    First = receive {up, Pid, _} -> Pid end,
    Late = latencies(First, N, []),
    stop(Supervisor),
    [median(lists:sort(Late)) / 1000];
run(Sleepers, N) when Sleepers =:= sleepers; Sleepers =:= sleepers_100k ->
    Before = erlang:system_info(process_count),
    Self = self(),
    Sample = max(1, N div 10000),
    First = arm_sleepers(N, Sample, 2000000000 + N * 5000, Self, Before),
    timer:sleep((First - now_ns()) div 1000000),
    Cpu = element(1, erlang:statistics(runtime)),
    wait_sleeping(Before),
    Took = element(1, erlang:statistics(runtime)) - Cpu,
    Late = lists:sort([receive {late, L} -> L end
                       || _ <- lists:seq(1, N div Sample)]),
    [Took / 1000, quantile(Late, 0.5) / 1.0e6, quantile(Late, 0.99) / 1.0e6];
run(fairness, Seconds) ->
    Self = self(),
    Echo = spawn(fun() -> echo(Self) end),
    Spinners = [spawn(fun spin/0) || _ <- lists:seq(1, 4)],
    Now = now_ns(),
    Times = round_trips(Echo, Now, Now + Seconds * 1000000000, []),
    [exit(Pid, kill) || Pid <- [Echo | Spinners]],
    Sorted = lists:sort(Times),
    Tuple = list_to_tuple(Sorted),
    Size = tuple_size(Tuple),
    [element(max(1, trunc(Size * Part)), Tuple) / 2000
     || Part <- [0.5, 0.99, 1.0]].

times(0, _) -> ok;
times(N, Do) -> Do(), times(N - 1, Do).

counted(0, _) -> ok;
counted(N, Do) -> Do(N), counted(N - 1, Do).

resident_bytes() ->
    {ok, Text} = file:read_file("/proc/self/statm"),
    [_, Pages | _] = string:lexemes(Text, " "),
    binary_to_integer(Pages) * 4096.

pingpong(Value, N) ->
    Self = self(),
    Echo = spawn(fun() -> echo(Self) end),
    Began = now_ns(),
    times(N div 2, fun() -> Echo ! Value, receive _ -> ok end end),
    Took = now_ns() - Began,
    exit(Echo, kill),
    [Took / (N div 2 * 2)].

echo(To) -> receive Value -> To ! Value, echo(To) end.

hop() -> receive {next, Next} -> hop(Next) end.
hop(Next) -> receive Token -> Next ! Token, hop(Next) end.

%% No more than a hundred of its pings are without an answer at a time.
talker(Main, Pings) ->
    receive {peers, Peers} -> talk(Main, Peers, Pings, Pings, 100) end.

talk(Main, Peers, ToSend, Left, Room) when ToSend > 0, Room > 0 ->
    element(rand:uniform(120), Peers) ! {ping, self()},
    talk(Main, Peers, ToSend - 1, Left, Room - 1);
talk(Main, Peers, ToSend, Left, Room) ->
    receive
        {ping, From} -> From ! pong, talk(Main, Peers, ToSend, Left, Room);
        pong when Left =:= 1 -> Main ! done, talk(Main, Peers, 0, 0, 0);
        pong -> talk(Main, Peers, ToSend, Left - 1, Room + 1)
    end.

link_of_chain(Main, 1) -> Main ! up, receive break -> ok end;
link_of_chain(Main, N) ->
    spawn_link(fun() -> link_of_chain(Main, N - 1) end),
    receive break -> exit(fails) end.

leaf(Main) -> Main ! up, receive break -> ok end.

init({Start, Count}) ->
    Children = [#{id => I, start => {?MODULE, Start, [slayer]},
                  shutdown => brutal_kill} || I <- lists:seq(1, Count)],
    {ok, {#{strategy => one_for_one, intensity => 1000000000, period => 1},
          Children}}.

start_victim(To) -> {ok, spawn_link(fun() -> up(To) end)}.
start_phoenix(To) -> start_victim(To).

up(To) -> To ! {up, self(), now_ns()}, receive stop -> ok end.

stop(Supervisor) ->
    unlink(Supervisor),
    Ref = monitor(process, Supervisor),
    exit(Supervisor, shutdown),
    receive {'DOWN', Ref, process, Supervisor, _} -> ok end,
    unregister(slayer).

latencies(_, 0, Late) -> Late;
latencies(Pid, N, Late) ->
    Killed = now_ns(),
    exit(Pid, kill),
    receive {up, Next, At} -> latencies(Next, N - 1, [At - Killed | Late]) end.

%% When the second begins in which they are due: all are armed before.
arm_sleepers(N, Sample, Time, Main, Before) ->
    First = now_ns() + Time,
    counted(N, fun(I) ->
        Due = First + rand:uniform(1000000000),
        spawn(fun() -> sleeper(Due, I rem Sample =:= 0, Main) end)
    end),
    case now_ns() < First of
        true -> First;
        false ->
            wait_sleeping(Before),
            times(N div Sample, fun() -> receive {late, _} -> ok end end),
            arm_sleepers(N, Sample, Time * 2, Main, Before)
    end.

sleeper(Due, IsSample, Main) ->
    receive after max(0, (Due - now_ns() + 999999) div 1000000) -> ok end,
    IsSample andalso (Main ! {late, now_ns() - Due}).

wait_sleeping(Before) ->
    case erlang:system_info(process_count) > Before of
        true -> timer:sleep(1), wait_sleeping(Before);
        false -> ok
    end.

spin() -> spin().

round_trips(_, Now, Last, Times) when Now >= Last -> Times;
round_trips(Echo, Now, Last, Times) ->
    Echo ! ping,
    receive ping -> ok end,
    After = now_ns(),
    round_trips(Echo, After, Last, [After - Now | Times]).
