using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Holds a job.</summary>
public sealed class PauseJobConsumer(JobService jobs) : JobOrderConsumer<PauseJob>(jobs, order => order.JobId);
