// The unmodified Go client: everything that it offers.
//
// Usage: go run . GRPC_PORT. Ends with exit code 0 when every answer is as it should be. A method that no walk calls
// fails the scenario, so does one that a new version of the client brings.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
)

// Methods that send nothing themselves, so that no call shows them.
var silent = map[string]string{
	"Close":                "ends the walk",
	"GetConnection":        "a getter, see walkGetters",
	"GetGrpcClient":        "a getter, see walkGetters",
	"GetCollectionsClient": "a getter, see walkGetters",
	"GetPointsClient":      "a getter, see walkOlderQueries",
	"GetSnapshotsClient":   "a getter, see walkGetters",
	"GetQdrantClient":      "a getter, see walkGetters",
	"ScrollAll":            "its iterator sends, see walkReads",
}

const name = "go-client"

// walk is the client under trial and what every call of it needs.
type walk struct {
	context.Context
	client *qdrant.Client
}

func main() {
	port, err := strconv.Atoi(os.Args[1])
	check(err == nil, "no port: %v", err)
	recorder := newRecorder()
	client := must(qdrant.NewClient(&qdrant.Config{
		Host:        "127.0.0.1",
		Port:        port,
		GrpcOptions: []grpc.DialOption{grpc.WithChainUnaryInterceptor(recorder.intercept)},
	}))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	w := walk{ctx, client}
	w.walkGetters()
	w.walkCollections(name + "-made")
	done(client.CreateCollection(ctx, settings(name)))
	w.walkWrites()
	w.walkReads()
	w.walkDeclarations()
	w.walkQueries()
	w.walkOlderQueries()
	w.walkRefusals()
	w.walkRateLimit(name + "-strict")
	w.walkChanges()
	done(client.DeleteCollection(ctx, name))
	done(client.Close())
	methods, calls := recorder.checkAllCalled(silent)
	fmt.Printf("go ok: methods %d, calls of the services below %d\n", methods, calls)
}

func (w walk) walkGetters() {
	health := must(w.client.HealthCheck(w))
	check(strings.HasPrefix(health.GetVersion(), "1."), "version %v", health)
	check(w.client.GetConnection() != nil && w.client.GetGrpcClient().Conn() != nil, "no connection")
	check(w.client.GetCollectionsClient() != nil && w.client.GetSnapshotsClient() != nil, "no services")
	same := must(w.client.GetQdrantClient().HealthCheck(w, &qdrant.HealthCheckRequest{}))
	check(same.GetVersion() == health.GetVersion(), "another version %v", same)
}

func (w walk) walkRefusals() {
	c := w.client
	_, err := c.CreateSnapshot(w, name)
	refused(err, "Unimplemented", "qdrant.Snapshots")
	_, err = c.ListSnapshots(w, name)
	refused(err, "Unimplemented", "qdrant.Snapshots")
	refused(c.DeleteSnapshot(w, name, "s"), "Unimplemented", "qdrant.Snapshots")
	_, err = c.CreateFullSnapshot(w)
	refused(err, "Unimplemented", "qdrant.Snapshots")
	_, err = c.ListFullSnapshots(w)
	refused(err, "Unimplemented", "qdrant.Snapshots")
	refused(c.DeleteFullSnapshot(w, "s"), "Unimplemented", "qdrant.Snapshots")
	key := qdrant.NewShardKey("key")
	refused(c.CreateShardKey(w, name, &qdrant.CreateShardKey{ShardKey: key}), "Unimplemented", "standalone mode")
	refused(c.DeleteShardKey(w, name, &qdrant.DeleteShardKey{ShardKey: key}), "Unimplemented", "standalone mode")
	move := qdrant.NewUpdateCollectionClusterMoveShard(name, &qdrant.MoveShard{FromPeerId: 1, ToPeerId: 2})
	refused(c.UpdateClusterCollectionSetup(w, move), "Unimplemented", "standalone mode")
}

// walkRateLimit shows that a client that is told to wait knows for how long.
func (w walk) walkRateLimit(strict string) {
	limited := settings(strict)
	limited.StrictModeConfig = &qdrant.StrictModeConfig{
		Enabled: qdrant.PtrOf(true), ReadRateLimit: qdrant.PtrOf(uint32(1))}
	done(w.client.CreateCollection(w, limited))
	count := &qdrant.CountPoints{CollectionName: strict}
	check(must(w.client.Count(w, count)) == 0, "points")
	_, err := w.client.Count(w, count)
	var exhausted *qdrant.QdrantResourceExhaustedError
	check(errors.As(err, &exhausted), "%v", err)
	check(exhausted.RetryAfterS >= 1 && exhausted.RetryAfterS <= 60, "%v", exhausted)
	done(w.client.DeleteCollection(w, strict))
}
