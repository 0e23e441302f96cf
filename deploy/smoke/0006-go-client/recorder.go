package main

import (
	"context"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

const method = "github.com/qdrant/go-client/qdrant.(*Client)."

// recorder notes which methods of the client led to a call, read from the call's stack, and which calls were made.
type recorder struct {
	guard   sync.Mutex
	methods map[string]bool
	calls   map[string]bool
}

func newRecorder() *recorder {
	return &recorder{methods: map[string]bool{}, calls: map[string]bool{}}
}

func (r *recorder) intercept(
	ctx context.Context, call string, request, reply any, connection *grpc.ClientConn, invoke grpc.UnaryInvoker,
	options ...grpc.CallOption,
) error {
	r.guard.Lock()
	r.calls[call] = true
	counters := make([]uintptr, 64)
	frames := runtime.CallersFrames(counters[:runtime.Callers(1, counters)])
	for {
		frame, more := frames.Next()
		if called, ok := strings.CutPrefix(frame.Function, method); ok {
			r.methods[called] = true
		}
		if !more {
			break
		}
	}
	r.guard.Unlock()
	return invoke(ctx, call, request, reply, connection, options...)
}

// checkAllCalled fails for a method or a call that was never made, so also for one that a new version brings.
func (r *recorder) checkAllCalled(silent map[string]string) (methods, calls int) {
	offered := namesOf(reflect.TypeFor[*qdrant.Client]())
	for _, wanted := range offered {
		_, excepted := silent[wanted]
		check(r.methods[wanted] != excepted, "%s: called %v, excepted %v", wanted, r.methods[wanted], excepted)
	}
	for excepted := range silent {
		check(slices.Contains(offered, excepted), "%s is no exception any more", excepted)
	}
	for service, client := range map[string]reflect.Type{
		"Collections": reflect.TypeFor[qdrant.CollectionsClient](),
		"Points":      reflect.TypeFor[qdrant.PointsClient](),
		"Snapshots":   reflect.TypeFor[qdrant.SnapshotsClient](),
		"Qdrant":      reflect.TypeFor[qdrant.QdrantClient](),
	} {
		for _, wanted := range namesOf(client) {
			call := "/qdrant." + service + "/" + wanted
			check(r.calls[call], "%s was never called", call)
			calls++
		}
	}
	return len(offered), calls
}

func namesOf(offering reflect.Type) []string {
	var names []string
	for i := range offering.NumMethod() {
		names = append(names, offering.Method(i).Name)
	}
	return names
}

// refused checks the code and the text of a refusal.
func refused(err error, code string, texts ...string) {
	check(err != nil, "not refused with %s", code)
	told := status.Convert(err)
	check(told.Code().String() == code, "refused with %v, not with %s", err, code)
	for _, text := range texts {
		check(strings.Contains(told.Message(), text), "refused without %q: %v", text, err)
	}
}
