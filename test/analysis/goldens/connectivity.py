"""Computes anew the cases of connectivity.json that come from running NetworkX; keeps the others as they are.

Run in this folder with networkx 3.6.1 and numpy:  python3 connectivity.py
"""

import json
import random

import networkx as nx
import numpy as np

SOURCE = f"networkx {nx.__version__}"


def digraph(seed, nodes, edges):
    rng = random.Random(seed)
    g = nx.DiGraph()
    g.add_nodes_from(range(nodes))
    while g.number_of_edges() < edges:
        a, b = rng.randrange(nodes), rng.randrange(nodes)
        if a != b and not g.has_edge(a, b):
            g.add_edge(a, b)
            if rng.random() < 0.3:
                g.add_edge(b, a)
    return g


def bct_transitivity(g):
    """transitivity_bd of the Brain Connectivity Toolbox, from its definition."""
    a = nx.to_numpy_array(g, nodelist=sorted(g))
    s = a + a.T
    k = s.sum(axis=1)
    triangles = np.diag(s @ s @ s).sum() / 2
    return float(triangles / (k * (k - 1) - 2 * np.diag(a @ a)).sum())


def bct_rich_club(g):
    """rich_club_bd of the Brain Connectivity Toolbox, from its definition."""
    degree = dict(g.degree())
    club = {}
    for k in range(1, max(degree.values()) + 1):
        sub = g.subgraph(n for n in g if degree[n] > k)
        if len(sub) > 1:
            club[k] = sub.number_of_edges() / (len(sub) * (len(sub) - 1))
    return club


def census_by_population(g, population):
    out = {}
    nodes = sorted(g)
    for i in nodes:
        for j in range(i + 1, len(nodes)):
            for k in range(j + 1, len(nodes)):
                key = "".join(sorted((population[i], population[j], population[k])))
                name = nx.triad_type(g.subgraph((i, j, k))) if g.subgraph((i, j, k)).size() else "003"
                out.setdefault(key, {})
                out[key][name] = out[key].get(name, 0) + 1
    return out


def directed_path_lengths(g):
    n = len(g)
    lengths = [d for _, row in nx.all_pairs_shortest_path_length(g) for d in row.values() if d > 0]
    return {"efficiency": sum(1 / d for d in lengths) / (n * (n - 1)), "reachable": len(lengths), "sum": sum(lengths)}


g = digraph(40, 40, 240)
assert nx.is_strongly_connected(g)
population = ["E" if n < 25 else "I" if n < 34 else "S" for n in range(40)]
u = g.to_undirected()
membership = [n % 3 for n in range(40)]
digraph40 = {
    "id": "digraph40",
    "origin": "upstream-run",
    "source": SOURCE + "; BCT measures from their definitions with numpy",
    "inputs": {"nodes": 40, "edges": sorted(g.edges()), "population": "".join(population), "membership": membership},
    "expected": {
        "density": nx.density(g),
        "reciprocity": nx.overall_reciprocity(g),
        "clustering": [nx.clustering(g)[n] for n in range(40)],
        "clustering_mean": nx.average_clustering(g),
        "transitivity_bct": bct_transitivity(g),
        "transitivity_undirected": nx.transitivity(u),
        "clustering_undirected": nx.average_clustering(u),
        "assortativity": nx.degree_assortativity_coefficient(g, x="out", y="in"),
        "census": nx.triadic_census(g),
        "census_by_population": census_by_population(g, population),
        "modularity": nx.community.modularity(g, [{n for n in g if membership[n] == c} for c in range(3)]),
        "rich_club_undirected": nx.rich_club_coefficient(u, normalized=False),
        "rich_club_directed": bct_rich_club(g),
        "average_path_length": nx.average_shortest_path_length(g),
        "efficiency_directed": directed_path_lengths(g)["efficiency"],
        "average_path_length_undirected": nx.average_shortest_path_length(u),
        "efficiency_undirected": nx.global_efficiency(u),
    },
    "tol": {"abs": 1e-10},
}

sparse = digraph(7, 30, 40)
rng = random.Random(3)
for a, b in sparse.edges():
    sparse[a][b]["weight"] = rng.randrange(1, 9)
sparse30 = {
    "id": "sparse30",
    "origin": "upstream-run",
    "source": SOURCE,
    "inputs": {"nodes": 30, "edges": sorted([a, b, d["weight"]] for a, b, d in sparse.edges(data=True)), "membership": membership[:30]},
    "expected": {
        "census": nx.triadic_census(sparse),
        "clustering_weighted": [nx.clustering(sparse, weight="weight")[n] for n in range(30)],
        "modularity_weighted": nx.community.modularity(sparse, [{n for n in sparse if membership[n] == c} for c in range(3)]),
        "paths": directed_path_lengths(sparse),
    },
    "tol": {"abs": 1e-10},
}
sparse30["source"] += "; random digraph with integer weights, not connected"

ws = nx.watts_strogatz_graph(60, 6, 0.1, seed=5)
sigmas = [nx.sigma(ws, niter=4, nrand=5, seed=seed) for seed in range(1, 4)]
omegas = [nx.omega(ws, niter=2, nrand=2, seed=seed) for seed in range(1, 4)]
small_world = {
    "id": "smallworld60",
    "origin": "upstream-run",
    "source": SOURCE
    + " watts_strogatz_graph(60, 6, 0.1, seed=5); sigma(niter=4, nrand=5), omega(niter=2, nrand=2), seeds 1 to 3",
    "inputs": {"nodes": 60, "edges": sorted(ws.edges())},
    "expected": {"sigma": sigmas, "omega": omegas},
    "tol": {},
}

with open("connectivity.json") as file:
    cases = {case["id"]: case for case in json.load(file)}
for case in (digraph40, sparse30, small_world):
    cases[case["id"]] = case
with open("connectivity.json", "w") as file:
    json.dump(list(cases.values()), file)
    file.write("\n")
