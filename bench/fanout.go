package main

import (
	"context"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rapidbott/tideboard/bench/api"
	"github.com/rapidbott/tideboard/bench/crowd"
	"github.com/rapidbott/tideboard/bench/load"
	"github.com/rapidbott/tideboard/bench/rig"
)

// fanout measures one commit on its way to many watchers: from the first byte of the mutation to the moment the last
// watcher has the frame. Nothing is subtracted: the mutation's own transaction is part of it.
func (b *bench) fanout(ctx context.Context) (*report, error) {
	mutations, err := load.Dial(ctx, b.server.Addr, graphqlPath, b.token, 1)
	if err != nil {
		return nil, err
	}
	defer mutations.Close()
	triggers, err := load.Dial(ctx, b.peer.Addr, "/broadcast", "", 1)
	if err != nil {
		return nil, err
	}
	defer triggers.Close()
	alone, err := b.unwatched(mutations)
	if err != nil {
		return nil, err
	}
	frame, err := b.frame(ctx, mutations)
	if err != nil {
		return nil, err
	}
	ours, err := b.watch(ctx, b.watchers, false)
	if err != nil {
		return nil, err
	}
	defer ours.Close()
	theirs, err := b.listen(ctx, b.watchers)
	if err != nil {
		return nil, err
	}
	defer theirs.Close()

	var reach, answer, loop []float64
	var spent, peerSpent rig.Usage
	for i := range b.moments + warm {
		body, err := b.nextMove(mutations)
		if err != nil {
			return nil, err
		}
		last, answered, cost, err := b.moment(ctx, b.server, ours, post(mutations, body))
		if err != nil {
			return nil, fmt.Errorf("the watchers of Tideboard: %w", err)
		}
		peerLast, _, peerCost, err := b.moment(ctx, b.peer, theirs, post(triggers, frame))
		if err != nil {
			return nil, fmt.Errorf("the sockets of the peer: %w", err)
		}
		if i >= warm {
			spent, peerSpent = spent.Plus(cost), peerSpent.Plus(peerCost)
			reach, answer, loop = append(reach, inMs(last)), append(answer, inMs(answered)), append(loop, inMs(peerLast))
		}
	}
	ratio, each := spreadOf(reach).middle/spreadOf(loop).middle, 1000/float64(b.moments*b.watchers)
	return &report{lines: []string{
		fmt.Sprintf("%-18s %s until the last of %d watchers has it; processors %.1f µs each, the mutation included", "Tideboard",
			spreadOf(reach).ms(), b.watchers, inMs(spent.Process)*each),
		fmt.Sprintf("%-18s %s until the mutation's own answer; %s with nobody watching", "", spreadOf(answer).ms(), alone.ms()),
		fmt.Sprintf("%-18s %s until the last of %d sockets has it, the same %s; processors %.1f µs each", "bare gorilla loop",
			spreadOf(loop).ms(), b.watchers, size(len(frame)), inMs(peerSpent.Process)*each),
	}, figure: fmt.Sprintf("ratio %.2f", ratio), goal: "≤ 2.5", met: ratio <= 2.5}, nil
}

// moment lets something happen before a crowd, and tells what that cost.
func (b *bench) moment(ctx context.Context, p *rig.Process, c *crowd.Crowd, cause func() error) (last, caused time.Duration, cost rig.Usage, err error) {
	before, err := b.db.Usage(ctx, p)
	if err != nil {
		return 0, 0, cost, err
	}
	if last, caused, err = c.Moment(ctx, cause); err != nil {
		return 0, 0, cost, err
	}
	after, err := b.db.Usage(ctx, p)
	return last, caused, after.Minus(before), err
}

// warm is how many commits go before those that count.
const warm = 5

// unwatched measures mutations that nobody watches.
func (b *bench) unwatched(p *load.Pool) (spread, error) {
	var all []float64
	for i := range b.moments + warm {
		body, err := b.nextMove(p)
		if err != nil {
			return spread{}, err
		}
		start := time.Now()
		if err := post(p, body)(); err != nil {
			return spread{}, err
		}
		if i >= warm {
			all = append(all, inMs(time.Since(start)))
		}
	}
	return spreadOf(all), nil
}

// frame is what a watcher gets of a moved card, as it comes.
func (b *bench) frame(ctx context.Context, p *load.Pool) ([]byte, error) {
	conn, err := b.subscribe(ctx, 0, true)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	body, err := b.nextMove(p)
	if err != nil {
		return nil, err
	}
	if err := post(p, body)(); err != nil {
		return nil, err
	}
	return crowd.Read(conn, "next")
}

// nextMove is a mutation that moves a card to the bottom of a stage where it is not, so that it is certainly a commit.
func (b *bench) nextMove(p *load.Pool) ([]byte, error) {
	in := b.anyMove()
	var record struct{ StageID string }
	if err := api.Ask(p, `query($id: ID!) { record(id: $id) { stageId } }`, map[string]any{"id": in["recordId"]}, &record); err != nil {
		return nil, err
	}
	for in["toStageId"] == record.StageID {
		in["toStageId"] = b.anyMove()["toStageId"]
	}
	return api.Request(api.Move, map[string]any{"input": in}), nil
}

func post(p *load.Pool, body []byte) func() error {
	return func() error {
		_, err := p.Once(body)
		return err
	}
}

// watch gathers watchers of the board, which have had a snapshot, or resume.
func (b *bench) watch(ctx context.Context, n int, snapshot bool) (*crowd.Crowd, error) {
	return crowd.Gather(ctx, n, func(ctx context.Context, i int) (*websocket.Conn, error) { return b.subscribe(ctx, i, !snapshot) })
}

// listen gathers sockets of the peer.
func (b *bench) listen(ctx context.Context, n int) (*crowd.Crowd, error) {
	return crowd.Gather(ctx, n, func(ctx context.Context, _ int) (*websocket.Conn, error) {
		return crowd.Dial(ctx, "ws://"+b.peer.Addr+"/socket")
	})
}

// subscribe opens one watcher, with an id of the length that front ends use.
func (b *bench) subscribe(ctx context.Context, i int, resume bool) (*websocket.Conn, error) {
	variables := map[string]any{"pipelineId": b.world.PipelineID}
	if resume {
		revision, err := b.db.Revision(ctx, b.world.WorkspaceID)
		if err != nil {
			return nil, err
		}
		variables["after"] = fmt.Sprint(revision)
	}
	return crowd.Subscribe(ctx, "ws://"+b.server.Addr+graphqlPath, b.token, fmt.Sprintf("00000000-0000-4000-8000-%012d", i), api.Watch, variables)
}
