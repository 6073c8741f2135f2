namespace Upweave.Coordinator.Jobs;

/// <summary>Where a run of a job begins.</summary>
public enum JobBeginning
{
    /// <summary>With its work; what the store holds of it is done.</summary>
    WithWork,

    /// <summary>The output was published; the claim may be gone already.</summary>
    AfterPublishing,

    /// <summary>The claim was given up, so the job was being cancelled.</summary>
    AfterCancel,
}
